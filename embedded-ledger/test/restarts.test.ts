import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EndorseError } from '@hyperledger/fabric-gateway';
import type { Ledger, LedgerOptions } from '../src/index.js';
import { startLedger } from '../src/index.js';
import type { Connection } from './support/client.js';
import { connectTo } from './support/client.js';

const GIVEN_UP = 'Starting it again when a transaction asks for it';

/** Loads while the file `whole` exists. Ends its process at a transaction's request, and then does not load again. */
const SOURCE = `
const { existsSync } = require('node:fs');
const { Contract } = require('fabric-contract-api');
if (existsSync('slow')) for (;;) Math.sqrt(2);
if (!existsSync('whole')) throw new Error('half of it is missing');
class Fragile extends Contract {
  async put(context, key) { await context.stub.putState(key, Buffer.from('x')); }
  async die() { process.exit(7); }
}
exports.contracts = [Fragile];
`;

let folder: string;
let told: string[];
let ledger: Ledger | undefined;
let connection: Connection | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-restarts-'));
  told = [];
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"name":"fragile","version":"1.0.0","main":"index.js"}');
  writeFileSync(join(folder, 'index.js'), SOURCE);
  writeFileSync(join(folder, 'whole'), '');
});
afterEach(async () => {
  connection?.close();
  await ledger?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(more: Partial<LedgerOptions> = {}): Promise<void> {
  ledger = await startLedger({
    chaincode: folder,
    data: join(folder, 'data'),
    port: 0,
    caPort: 0,
    organizations: 1,
    log: (line) => told.push(line),
    ...more,
  });
  connection = connectTo(ledger);
}

async function submit(transaction: string, ...args: string[]): Promise<string> {
  return connection!.contract.submitTransaction(transaction, ...args).then(
    () => 'committed',
    (error: unknown) => (error as EndorseError).details.map(({ message }) => message).join(),
  );
}

it(
  'a contract that ends at each start is started a few times more, and then for a transaction alone',
  { timeout: 240_000 },
  async () => {
    await start();
    rmSync(join(folder, 'whole'));
    expect(await submit('die')).toContain('chaincode stream terminated');
    await expect.poll(() => told.join('\n'), { timeout: 150_000 }).toContain(GIVEN_UP);
    const starts = told.filter((line) => line.includes('Starting it again in'));
    expect(starts).toHaveLength(4);
    expect(starts[0]).toMatch(/^the chaincode of Org1MSP ended with exit code 7.* in 100 ms$/);
    expect(starts[3]).toMatch(/^the chaincode of Org1MSP ended with .*half of it is missing.* in 800 ms$/);

    const refused = await submit('put', 'key');
    expect(refused).toMatch(
      /could not launch chaincode fragile: the chaincode of Org1MSP ended with exit code/,
    );
    expect(refused).toContain('half of it is missing');
    writeFileSync(join(folder, 'whole'), '');
    expect(await submit('put', 'key')).toBe('committed');
  },
);

it('a transaction that waits for its contract to come back is told why it does not', async () => {
  await start();
  rmSync(join(folder, 'whole'));
  await submit('die');
  const refused = await submit('put', 'key');
  expect(refused).toMatch(/could not launch chaincode fragile: the chaincode of Org1MSP ended with/);
});

it('a contract that is never done with loading is ended, and its hint is for its folder', async () => {
  writeFileSync(join(folder, 'slow'), '');
  await expect(start({ connectTimeoutMs: 3000 })).rejects.toMatchObject({
    code: 'CHAINCODE_UNREACHABLE',
    message: 'the chaincode of Org1MSP was started and has not registered',
  });
});
