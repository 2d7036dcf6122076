import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as grpc from '@grpc/grpc-js';
import type { EndorseError } from '@hyperledger/fabric-gateway';
import { discovery, orderer, peer } from '@hyperledger/fabric-protos';
import type { Ledger } from '../src/index.js';
import { startLedger } from '../src/index.js';
import type { Connection } from './support/client.js';
import { connectAs, connectTo, connectWith, text } from './support/client.js';
import { PROBE } from './support/ledgerProcess.js';

let data: string;
let ledger: Ledger;
let connection: Connection;
const told: string[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ledger-chaincode-'));
  ledger = await startLedger({
    chaincode: PROBE,
    data,
    port: 0,
    caPort: 0,
    executeTimeoutMs: 2000,
    log: (line) => told.push(line),
  });
  connection = connectTo(ledger);
});
afterAll(async () => {
  connection?.close();
  await ledger?.close();
  rmSync(data, { recursive: true, force: true });
});

/** Ids of the processes that this one has started. */
function chaincodeProcesses(): string[] {
  const children = readFileSync(`/proc/${String(process.pid)}/task/${String(process.pid)}/children`, 'utf8');
  return children.trim().split(' ');
}

/** Whether a process listens on a port: by the inodes of its sockets in the kernel's tables. */
function listens(pid: string): boolean {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => socketOf(`/proc/${pid}/fd/${fd}`)));
  const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
  const rows = tables.flatMap((table) => table.split('\n').map((row) => row.trim().split(/\s+/)));
  const LISTEN = '0A';
  return rows.some((cells) => cells[3] === LISTEN && own.has(cells[9]));
}

/** The inode of an open file that is a socket. */
function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined; // closed meanwhile, like what lists the folder
  }
}

it('the ledger starts a contract that listens nowhere: nobody else can talk to it', () => {
  const started = chaincodeProcesses();
  expect(started.length).toBeGreaterThan(1);
  expect(started.filter(listens)).toEqual([]);
  expect(listens(String(process.pid))).toBe(true);
});

async function refusal(transaction: string, ...args: string[]): Promise<string> {
  const error = await connection.contract.submitTransaction(transaction, ...args).then(
    () => undefined,
    (failure: unknown) => failure as EndorseError,
  );
  return (error?.details ?? []).map(({ message }) => message).join();
}

describe('what the embedded ledger does not do', () => {
  it.each([
    ['private data', 'privatePut', ['collection', 'key']],
    ['private data', 'privateGet', ['collection', 'key']],
    ['key-level endorsement', 'keyPolicy', ['key']],
    ['rich queries (getQueryResult)', 'richQuery', ['{}']],
    ['calls to other chaincode', 'callOther', ['other']],
  ])('is refused by name: %s, by %s', async (what, transaction, args) => {
    expect(await refusal(transaction, ...args)).toContain(`the embedded ledger does not support ${what}`);
  });
});

describe('a transaction function', () => {
  it('that takes too long is given up', async () => {
    expect(await refusal('sleep', '4000')).toContain('timeout expired while executing transaction');
    expect(text(await connection.contract.evaluateTransaction('sleep', '1'))).toBe('slept');
  });

  it('that takes too long leaves the process alone where others can run meanwhile', async () => {
    const before = chaincodeProcesses();
    expect(await refusal('sleep', '4000')).toContain('timeout expired while executing transaction');
    // Longer than a process has to show that it is not blocked.
    await sleep(4000);
    expect(chaincodeProcesses()).toEqual(before);
  });

  it('that never ends, and lets no other run, costs its process: that is told, and another one started', async () => {
    const before = chaincodeProcesses();
    expect(await refusal('spin')).toContain('timeout expired while executing transaction');
    expect(told.join('\n')).toMatch(/the chaincode of Org1MSP did not end "spin" within 2000 ms/);
    const submit = (): Promise<unknown> => connection.contract.submitTransaction('put', 'spun', 'x');
    await expect.poll(() => submit().then(() => 'committed', String), { timeout: 40_000 }).toBe('committed');
    for (const mspId of ['Org1MSP', 'Org2MSP'])
      expect(told.join('\n')).toMatch(
        new RegExp(`${mspId} ended by SIGKILL: .*blocks the event loop.*again`),
      );
    expect(chaincodeProcesses().filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('that ends its process fails, its end is told, and the next one finds the chaincode again', async () => {
    expect(await refusal('die')).toContain('chaincode stream terminated');
    await expect
      .poll(() => told.filter((line) => line.includes('with exit code 7')).length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    const submit = (): Promise<unknown> => connection.contract.submitTransaction('put', 'after', 'x');
    await expect.poll(() => submit().then(() => 'committed', String), { timeout: 30_000 }).toBe('committed');
    expect(text(await connection.contract.evaluateTransaction('get', 'after'))).toBe('x');
  });
});

describe('a client', () => {
  it('may name an organisation that the policy does not need: its chaincode is started then', async () => {
    const before = chaincodeProcesses().length;
    const endorsingOrganizations = ['Org1MSP', 'Org3MSP'];
    await connection.contract.submit('put', { arguments: ['named', 'x'], endorsingOrganizations });
    expect(chaincodeProcesses().length).toBeGreaterThan(before);
  });

  it('that names too few finds its transaction invalid: the policy is not satisfied', async () => {
    const options = { arguments: ['few', 'x'], endorsingOrganizations: ['Org1MSP'] };
    await expect(connection.contract.submit('put', options)).rejects.toMatchObject({
      code: 10,
      name: 'CommitError',
    });
    expect(text(await connection.contract.evaluateTransaction('get', 'few'))).toBe('');
  });

  it('of any organisation may submit; a peer’s certificate may not', async () => {
    const third = connectTo(ledger, 3);
    await third.contract.submitTransaction('put', 'third', 'x');
    third.close();
    const node = connectAs(ledger, 1, (domain) => join('peers', `peer0.${domain}`));
    const submitted = node.contract.submitTransaction('put', 'peer', 'x');
    await expect(submitted).rejects.toMatchObject({
      details: [{ message: expect.stringContaining("requires 1 of the 'Writers' sub-policies") }],
    });
    node.close();
  });

  it('of before the Gateway service is told what to connect with', async () => {
    const credentials = grpc.credentials.createInsecure();
    const discoverer = new discovery.DiscoveryClient(ledger.gateway, credentials);
    const endorser = new peer.EndorserClient(ledger.gateway, credentials);
    const orderers = new orderer.AtomicBroadcastClient(ledger.gateway, credentials);
    const calls: [string, (done: (error: unknown) => void) => void][] = [
      ['discovery.Discovery/Discover', (done) => discoverer.discover(new discovery.SignedRequest(), done)],
      [
        'protos.Endorser/ProcessProposal',
        (done) => endorser.processProposal(new peer.SignedProposal(), done),
      ],
      ['orderer.AtomicBroadcast/Broadcast', (done) => orderers.broadcast().once('error', done).resume()],
      ['orderer.AtomicBroadcast/Deliver', (done) => orderers.deliver().once('error', done).resume()],
    ];
    for (const [method, call] of calls) {
      expect(await new Promise(call)).toMatchObject({
        code: grpc.status.UNIMPLEMENTED,
        details: expect.stringMatching(
          `the embedded ledger does not serve ${method}: connect with fabric-gateway`,
        ),
      });
    }
    for (const client of [discoverer, endorser, orderers]) client.close();
  });

  it('of the orderer’s organisation is known, and is no writer of the application', async () => {
    const folder = join(ledger.organizations, 'ordererOrganizations/example.com/users/Admin@example.com');
    const administrator = connectWith(ledger, 'OrdererMSP', join(folder, 'msp'));
    await expect(administrator.contract.submitTransaction('put', 'orderer', 'x')).rejects.toMatchObject({
      details: [{ message: expect.stringContaining("requires 1 of the 'Writers' sub-policies") }],
    });
    administrator.close();
  });
});
