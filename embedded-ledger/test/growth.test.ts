import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndorseError } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../src/index.js';
import { startLedger } from '../src/index.js';
import type { Connection } from './support/client.js';
import { connectTo, text } from './support/client.js';
import { PROBE } from './support/ledgerProcess.js';

const RESOURCE_EXHAUSTED = 8;

let data: string;
let ledger: Ledger;
let connection: Connection;
const told: string[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ledger-growth-'));
  const log = (line: string): number => told.push(line);
  ledger = await startLedger({ chaincode: PROBE, data, port: 0, caPort: 0, executeTimeoutMs: 3000, log });
  connection = connectTo(ledger);
});
afterAll(async () => {
  connection?.close();
  await ledger?.close();
  rmSync(data, { recursive: true, force: true });
});

/** The contract processes that this process has started, by organisation. */
function contractProcesses(): Map<string, number> {
  const own = String(process.pid);
  const children = readFileSync(`/proc/${own}/task/${own}/children`, 'utf8').trim().split(' ');
  return new Map(
    children.flatMap((pid): [string, number][] => {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const mspId = environment.find((line) => line.startsWith('CORE_PEER_LOCALMSPID='))?.split('=')[1];
      return mspId === undefined ? [] : [[mspId, Number(pid)]];
    }),
  );
}

describe('an argument', () => {
  it('of 60 MB is refused at the door, and no organisation’s contract ends', async () => {
    const before = contractProcesses();
    const submitted = connection.contract.submitTransaction('put', 'large', 'x'.repeat(60_000_000));
    await expect(submitted).rejects.toMatchObject({ code: RESOURCE_EXHAUSTED });
    expect(text(await connection.contract.evaluateTransaction('get', 'large'))).toBe('');
    expect(contractProcesses()).toEqual(before);
    expect(told).toEqual([]);
  });

  it('comes back in a refusal cut to what a client reads of one', async () => {
    const long = 'x'.repeat(1_000_000);
    const other = connection.gateway.getNetwork(long).getContract(long);
    const failure = await other.submitTransaction('put').catch((error: unknown) => error as EndorseError);
    expect(failure).toMatchObject({ code: 9 });
    expect((failure as Error).message).toContain('No metadata was found for chaincode xxx');
    expect((failure as Error).message.length).toBeLessThan(3000);
  });
});

describe('an organisation whose contract hangs', () => {
  it('attack 7: is given up on after the time limit, and the next one endorses in its place', async () => {
    const hung = contractProcesses().get('Org2MSP');
    process.kill(hung!, 'SIGSTOP');
    try {
      await connection.contract.submitTransaction('put', 'hung', 'x');
      expect(contractProcesses().has('Org3MSP')).toBe(true);
    } finally {
      process.kill(hung!, 'SIGCONT');
    }
  });
});
