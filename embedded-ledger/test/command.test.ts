import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger, LedgerOptions } from '../src/index.js';
import { startLedger } from '../src/index.js';
import { connectTo, text } from './support/client.js';
import { mountSmallDisk } from './support/smallDisk.js';
import { killLedgers, PROBE, startLedgerProcess } from './support/ledgerProcess.js';
import type { LedgerProcess } from './support/ledgerProcess.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-command-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A package in the data folder whose contract is this source; not built without a source. */
function chaincodeOf(source: string | undefined): string {
  const chaincode = join(folder, 'broken');
  mkdirSync(chaincode);
  writeFileSync(join(chaincode, 'package.json'), '{"name":"broken","version":"1.0.0","main":"index.js"}');
  if (source !== undefined) writeFileSync(join(chaincode, 'index.js'), source);
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(chaincode, 'node_modules'));
  return chaincode;
}

const chaincodeThatThrows = (): string => chaincodeOf('throw new Error("nothing to see here");');

describe('a data folder', () => {
  afterEach(killLedgers);

  it('is resumed with the same identities, channel and chain', async () => {
    const first = await startLedgerProcess(folder, '--channel', 'harbour', '--name', 'boats');
    const certificate = join(
      first.ready.organizations,
      'peerOrganizations/org3.example.com/users/User1@org3.example.com/msp/signcerts/User1@org3.example.com-cert.pem',
    );
    const before = readFileSync(certificate, 'utf8');
    const connection = connectTo(first.ready);
    await connection.contract.submitTransaction('put', 'kept', 'yes');
    connection.close();
    await first.kill('SIGTERM');

    const second = await startLedgerProcess(folder);
    expect(second.ready).toMatchObject({ channel: 'harbour', chaincode: 'boats' });
    expect(readFileSync(certificate, 'utf8')).toBe(before);
    const again = connectTo(second.ready, 3);
    expect(text(await again.contract.evaluateTransaction('get', 'kept'))).toBe('yes');
    again.close();
    await second.kill('SIGTERM');
  });

  it('keeps private keys and the registrar’s secret to their owner', async () => {
    const ledger = await startLedgerProcess(folder);
    const key = join(ledger.ready.organizations, 'peerOrganizations/org1.example.com/ca/priv_sk');
    for (const file of [key, ledger.ready.registrar.secretFile])
      expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, 'connection.json'), 'utf8'))).toEqual(ledger.ready);
    await ledger.kill('SIGTERM');
  });
});

describe('a first start that failed', () => {
  const choices = { port: 0, caPort: 0, log: () => undefined };
  const ready = async (options: Partial<LedgerOptions>): Promise<Omit<Ledger, 'close'>> => {
    const { close, ...addresses } = await startLedger({
      chaincode: PROBE,
      data: folder,
      ...choices,
      ...options,
    });
    await close();
    return addresses;
  };

  it('fixes nothing: the next one chooses name, organisations and all else anew', async () => {
    const chaincode = chaincodeThatThrows();
    const first = {
      chaincode,
      name: 'old',
      channel: 'other',
      organizations: 1,
      endorse: 'all',
      tls: true,
    } as const;
    await expect(ready(first)).rejects.toMatchObject({ code: 'CHAINCODE_INVALID' });
    await expect(ready({ endorse: 4 })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
    const second = await ready({ endorse: 2 });
    expect(second).toMatchObject({ channel: 'market', chaincode: 'ledger-probe' });
    expect(second.tls).toBeUndefined();
    const organizations = readdirSync(join(second.organizations, 'peerOrganizations'));
    expect(organizations).toEqual(['org1.example.com', 'org2.example.com', 'org3.example.com']);
  });

  it.each(['port', 'caPort'])('as its %s is taken fixes nothing, either', async (option) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(ready({ name: 'old', [option]: port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    taken.close();
    expect(await ready({ name: 'new' })).toMatchObject({ chaincode: 'new' });
  });

  it('removes nothing that was there before it', async () => {
    const chaincode = chaincodeThatThrows();
    const own = join(folder, 'organizations', 'peerOrganizations', 'mine');
    mkdirSync(own, { recursive: true });
    for (let attempt = 0; attempt < 2; attempt++) await expect(ready({ chaincode })).rejects.toThrow();
    expect(existsSync(own)).toBe(true);
  });

  it('is told from a later one, which leaves the ledger as it is', async () => {
    const { organizations } = await ready({ name: 'kept' });
    const key = join(organizations, 'peerOrganizations/org1.example.com/ca/priv_sk');
    const before = readFileSync(key, 'utf8');
    await expect(ready({ chaincode: chaincodeThatThrows() })).rejects.toThrow();
    expect(await ready({})).toMatchObject({ chaincode: 'kept' });
    expect(readFileSync(key, 'utf8')).toBe(before);
  });
});

describe('a ledger that runs', () => {
  let ledger: LedgerProcess;
  let data: string;
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'ledger-runs-'));
    ledger = await startLedgerProcess(data);
  });
  afterAll(async () => {
    await ledger?.kill('SIGTERM');
    killLedgers();
    rmSync(data, { recursive: true, force: true });
  });

  it('does not share its data folder', async () => {
    await expect(startLedgerProcess(data)).rejects.toThrow(/DATA_IN_USE/);
  });

  it('does not share its port, and what the second one started is gone', async () => {
    const [, port] = ledger.ready.gateway.split(':');
    const options = { chaincode: PROBE, data: folder, port: Number(port), caPort: 0, log: () => undefined };
    await expect(startLedger(options)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(
      startLedger({ ...options, port: 0 }).then((second) => second.close()),
    ).resolves.toBeUndefined();
  });

  it('stands in for a debugger: another ledger uses a chaincode server by its address', async () => {
    const options = { chaincode: '127.0.0.1:1', data: folder, port: 0, caPort: 0, log: () => undefined };
    const unreachable = expect(startLedger({ ...options, connectTimeoutMs: 300 })).rejects;
    await unreachable.toMatchObject({ code: 'CHAINCODE_UNREACHABLE' });
  });
});

const hasIPv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);

describe.skipIf(!hasIPv6)('an IPv6 address (this machine must have ::1)', () => {
  afterEach(killLedgers);

  it('is listened at, and told in brackets', async () => {
    const ledger = await startLedgerProcess(folder, '--host', '::1');
    expect(ledger.ready.gateway).toMatch(/^\[::1\]:\d+$/);
    expect(new URL(ledger.ready.ca).hostname).toBe('[::1]');
    expect((await fetch(`${ledger.ready.ca}/cainfo`)).status).toBe(200);
    const connection = connectTo(ledger.ready);
    await connection.contract.submitTransaction('put', 'kept', 'yes');
    connection.close();
    await ledger.kill('SIGTERM');
  });
});

const disk = mountSmallDisk();

describe.skipIf(disk === undefined)('a new ledger on a full disk (root must be able to mount one)', () => {
  afterAll(() => disk?.remove());

  it('says so, wherever it finds out, and advises to delete nothing', async () => {
    const path = disk?.path ?? '';
    for (const leftKiB of [0, 60]) {
      const filler = join(path, 'filler');
      writeFileSync(filler, Buffer.alloc((1024 - leftKiB) * 1024));
      const start = startLedgerProcess(join(path, 'data'));
      await expect(start).rejects.toThrow(/^embedded-ledger: SYSTEM_FAILED .*[Nn]o space left on device/);
      await expect(start).rejects.not.toThrow(/DATA_CORRUPT|[Dd]elete this/);
      for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
    }
  });
});

describe('a ledger is refused', () => {
  it.each([
    [['--organizations', '2'], 'DATA_MISMATCH'],
    [['--endorse', 'all'], 'DATA_MISMATCH'],
    [['--channel', 'other'], 'DATA_MISMATCH'],
    [['--name', 'other'], 'DATA_MISMATCH'],
    [['--tls'], 'DATA_MISMATCH'],
  ])('with %j on a folder that holds another', async (flags, code) => {
    const settings = {
      format: 1,
      channel: 'market',
      chaincodeName: 'p',
      organizations: 3,
      endorse: 'majority',
    };
    writeFileSync(join(folder, 'ledger.json'), JSON.stringify(settings));
    await expect(startLedgerProcess(folder, ...flags)).rejects.toThrow(new RegExp(code));
  });

  it.each([
    [['--endorse', '4'], 'OPTIONS_INVALID'],
    [['--endorse', 'sometimes'], 'OPTIONS_INVALID'],
    [['--port', 'x'], 'OPTIONS_INVALID'],
    [['--batch-size', '0'], 'OPTIONS_INVALID'],
    [['--chaincode', '/nowhere'], 'CHAINCODE_INVALID'],
    [['--chaincode', 'a:1,b:2,c:3,d:4'], 'CHAINCODE_INVALID'],
    [['--chaincode', 'a:1,/nowhere'], 'CHAINCODE_INVALID'],
    [['--chaincode', fileURLToPath(new URL('../package.json', import.meta.url))], 'CHAINCODE_INVALID'],
  ])('with %j', async (flags, code) => {
    await expect(startLedgerProcess(folder, ...flags)).rejects.toThrow(new RegExp(code));
  });

  it.each([
    [undefined, 'the chaincode is not built'],
    ['throw new Error("nothing to see here");', 'ended with exit code 1: Error: nothing to see here'],
    ['require("./absent.js");', "ended with exit code 1: Error: Cannot find module './absent.js'"],
  ])('with a contract that cannot be loaded, and told why: %s', async (source, why) => {
    const start = startLedgerProcess(folder, '--chaincode', chaincodeOf(source));
    await expect(start).rejects.toThrow(new RegExp(`CHAINCODE_INVALID.*${why}`));
  });

  it.each([
    ['an address that is none of this machine’s', '192.0.2.1', 'ADDRESS_UNUSABLE'],
    ['a name that stands for none', 'nowhere.invalid', 'ADDRESS_UNUSABLE'],
  ])('with %s', async (_, host, code) => {
    await expect(startLedgerProcess(folder, '--host', host)).rejects.toThrow(new RegExp(code));
  });

  it('with a path that is no folder, and nothing advises to delete anything', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const data of [file, join(file, 'data')]) {
      const start = startLedgerProcess(data);
      await expect(start).rejects.toThrow(/^embedded-ledger: SYSTEM_FAILED .*errno=(EEXIST|ENOTDIR)/);
      await expect(start).rejects.not.toThrow(/[Dd]elete this/);
    }
  });

  it('with settings and a secret that are no files, which stay as they are', async () => {
    for (const name of ['ledger.json', join('ca', 'registrar.secret')]) {
      const data = join(folder, name.replaceAll(/\W/g, ''));
      mkdirSync(join(data, name), { recursive: true });
      await expect(startLedgerProcess(data)).rejects.toThrow(/SYSTEM_FAILED .*EISDIR/);
      expect(statSync(join(data, name)).isDirectory()).toBe(true);
    }
  });

  it('with settings that cannot be read', async () => {
    writeFileSync(join(folder, 'ledger.json'), '{');
    await expect(startLedgerProcess(folder)).rejects.toThrow(/DATA_CORRUPT/);
  });
});
