import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import FabricCAClient from 'fabric-ca-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo, text } from './support/client.js';
import { killLedgers, PROBE, startLedgerProcess } from './support/ledgerProcess.js';
import type { LedgerProcess } from './support/ledgerProcess.js';

const UNAVAILABLE = 14;

let data: string;
let ledger: LedgerProcess;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ledger-tls-'));
  ledger = await startLedgerProcess(data, '--tls');
});
afterAll(async () => {
  await ledger?.kill('SIGTERM');
  killLedgers();
  rmSync(data, { recursive: true, force: true });
});

function organization(name: string): string {
  return join(ledger.ready.organizations, 'peerOrganizations', `${name}.example.com`);
}

/** The root of another organisation's TLS: genuine, but not the one that signed the gateway's certificate. */
function wrongRoot(): string {
  return join(organization('org2'), 'tlsca', 'tlsca.org2.example.com-cert.pem');
}

describe('the command with --tls', () => {
  it('says where its root is, and serves the genuine client with it', async () => {
    const { gateway, ca, tls } = ledger.ready;
    expect(gateway).toMatch(/^localhost:\d+$/);
    expect(ca).toMatch(/^https:\/\/localhost:\d+$/);
    const copy = join(organization('org1'), 'peers', 'peer0.org1.example.com', 'tls', 'ca.crt');
    expect(readFileSync(tls!.rootCertificate, 'utf8')).toBe(readFileSync(copy, 'utf8'));
    const connection = connectTo(ledger.ready);
    await connection.contract.submitTransaction('put', 'over', 'tls');
    expect(text(await connection.contract.evaluateTransaction('get', 'over'))).toBe('tls');
    connection.close();
  });

  it('is refused by a client with another root, and refuses one without TLS', async () => {
    for (const tls of [{ rootCertificate: wrongRoot() }, undefined]) {
      const connection = connectTo({ ...ledger.ready, tls });
      const call = connection.contract.evaluateTransaction('get', 'over');
      await expect(call).rejects.toMatchObject({ code: UNAVAILABLE });
      connection.close();
    }
  });

  it('serves the certificate authorities over https', async () => {
    const { ca, tls, registrar } = ledger.ready;
    const enrollment = {
      enrollmentID: registrar.enrolmentId,
      enrollmentSecret: readFileSync(registrar.secretFile, 'utf8').trim(),
    };
    const trusting = (path: string): FabricCAClient =>
      new FabricCAClient(ca, { trustedRoots: [readFileSync(path, 'utf8')], verify: true }, 'ca-org2');
    const { certificate } = await trusting(tls!.rootCertificate).enroll(enrollment);
    expect(certificate).toContain('BEGIN CERTIFICATE');
    await expect(trusting(wrongRoot()).enroll(enrollment)).rejects.toThrow(/certificate/);
  });

  it('stays with TLS when its data folder is resumed', async () => {
    await ledger.kill('SIGTERM');
    await expect(startLedgerProcess(data, '--no-tls')).rejects.toThrow(/DATA_MISMATCH/);
    const root = ledger.ready.tls!.rootCertificate;
    ledger = await startLedgerProcess(data);
    expect(ledger.ready.tls?.rootCertificate).toBe(root);
    const connection = connectTo(ledger.ready);
    expect(text(await connection.contract.evaluateTransaction('get', 'over'))).toBe('tls');
    connection.close();
  });
});

describe('a chaincode server that runs already', () => {
  let server: ChildProcess;
  let folder: string;
  afterAll(() => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is dialled as the connection.json of its package says, with TLS on both sides', async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-service-'));
    const address = `localhost:${String(await freePort())}`;
    const tls = join(organization('org1'), 'chaincode', 'tls');
    server = startServer(address, tls);
    const at = join(organization('org1'), 'peers', 'peer0.org1.example.com', 'tls');
    const connection = {
      address,
      dial_timeout: '10s',
      tls_required: true,
      root_cert: readFileSync(join(tls, 'ca.crt'), 'utf8'),
      client_auth_required: true,
      client_cert: readFileSync(join(at, 'server.crt'), 'utf8'),
      client_key: readFileSync(join(at, 'server.key'), 'utf8'),
    };
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(connection));
    const own = join(folder, 'data');
    const second = await startLedgerProcess(own, '--chaincode', file, '--endorse', 'all');
    const client = connectTo(second.ready);
    await client.contract.submitTransaction('put', 'served', 'x');
    client.close();
    await second.kill('SIGTERM');

    writeFileSync(file, JSON.stringify({ ...connection, root_cert: readFileSync(wrongRoot(), 'utf8') }));
    const start = startLedgerProcess(own, '--chaincode', file, '--connect-timeout', '1500');
    await expect(start).rejects.toThrow(/CHAINCODE_UNREACHABLE/);
  });
});

function startServer(address: string, tls: string): ChildProcess {
  const shim = createRequire(join(PROBE, 'package.json')).resolve('fabric-shim/package.json');
  const flags = [
    ...['--chaincode-address', address, '--chaincode-id', 'probe:1'],
    ...['--chaincode-tls-cert-file', join(tls, 'server.crt')],
    ...['--chaincode-tls-key-file', join(tls, 'server.key')],
    ...['--chaincode-tls-client-cacert-file', join(tls, 'ca.crt')],
  ];
  return spawn(process.execPath, [join(shim, '..', 'cli.js'), 'server', ...flags], {
    cwd: PROBE,
    stdio: 'ignore',
  });
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
