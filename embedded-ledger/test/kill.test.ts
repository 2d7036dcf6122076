import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { common } from '@hyperledger/fabric-protos';
import { headerOf } from '../src/commit/blockContent.js';
import { hashBlockData, hashBlockHeader } from '../src/order/block.js';
import type { Connection } from './support/client.js';
import { connectTo, text } from './support/client.js';
import { killLedgers, startLedgerProcess } from './support/ledgerProcess.js';
import type { LedgerProcess } from './support/ledgerProcess.js';

const KILLS = Number(process.env.VERITRAIN_KILLS ?? '6');
const IN_FLIGHT = 40;

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ledger-kill-'));
});

afterEach(() => {
  killLedgers();
  rmSync(data, { recursive: true, force: true });
});

/** Submits without pause until the ledger is gone. Notes every key whose commit was acknowledged. */
async function load(
  connection: Connection,
  prefix: string,
  acknowledged: Map<string, string>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const key = `${prefix}-${String(next++)}`;
      await connection.contract.submitTransaction('emit', key, key);
      acknowledged.set(key, key);
    }
  };
  await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
}

/** Reads the whole chain through the client and checks every link of it. */
async function readChain(connection: Connection, channel: string): Promise<number> {
  const qscc = connection.network.getContract('qscc');
  const info = common.BlockchainInfo.deserializeBinary(
    await qscc.evaluateTransaction('GetChainInfo', channel),
  );
  let previous: Uint8Array = new Uint8Array();
  for (let number = 0; number < info.getHeight(); number++) {
    const bytes = await qscc.evaluateTransaction('GetBlockByNumber', channel, String(number));
    const block = common.Block.deserializeBinary(bytes);
    const header = headerOf(block);
    expect(header.number).toBe(number);
    expect(Buffer.from(header.previousHash)).toEqual(Buffer.from(previous));
    expect(Buffer.from(header.dataHash)).toEqual(hashBlockData(block.getData()!.getDataList_asU8()));
    previous = hashBlockHeader(header);
  }
  expect(Buffer.from(info.getCurrentblockhash_asU8())).toEqual(Buffer.from(previous));
  return info.getHeight();
}

async function keysOf(connection: Connection): Promise<Set<string>> {
  return new Set(
    JSON.parse(text(await connection.contract.evaluateTransaction('range', '', ''))) as string[],
  );
}

async function eventNames(connection: Connection, chaincode: string, count: number): Promise<Set<string>> {
  const names = new Set<string>();
  const events = await connection.network.getChaincodeEvents(chaincode, { startBlock: 0n });
  try {
    for await (const { eventName } of events) {
      names.add(eventName);
      if (names.size >= count) break;
    }
  } finally {
    events.close();
  }
  return names;
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function chaincodePids(ledger: LedgerProcess): number[] {
  const path = `/proc/${String(ledger.child.pid)}/task/${String(ledger.child.pid)}/children`;
  return readFileSync(path, 'utf8').trim().split(' ').map(Number);
}

describe('kill -9', () => {
  it(
    'loses no acknowledged transaction, tears no block and leaves no process behind',
    { timeout: 30_000 + KILLS * 30_000 },
    async () => {
      const acknowledged = new Map<string, string>();
      for (let round = 0; round < KILLS; round++) {
        const ledger = await startLedgerProcess(data);
        const connection = connectTo(ledger.ready);
        const pids = chaincodePids(ledger);
        expect(pids.length).toBe(2);
        const loading = load(connection, `r${String(round)}`, acknowledged);
        const enough = acknowledged.size + 5 + Math.floor(60 * Math.random());
        await expect.poll(() => acknowledged.size, { timeout: 25_000, interval: 3 }).toBeGreaterThan(enough);
        await sleep(20 * Math.random());
        await ledger.kill('SIGKILL');
        await loading;
        connection.close();
        await expect.poll(() => pids.filter(isRunning), { timeout: 5000 }).toEqual([]);
      }

      const ledger = await startLedgerProcess(data);
      const connection = connectTo(ledger.ready);
      await readChain(connection, ledger.ready.channel);
      const present = await keysOf(connection);
      const lost = [...acknowledged.keys()].filter((key) => !present.has(key));
      expect(lost).toEqual([]);
      const seen = await eventNames(connection, ledger.ready.chaincode, present.size);
      expect([...present].filter((key) => !seen.has(key))).toEqual([]);
      connection.close();
      await ledger.kill('SIGTERM');
    },
  );

  it('ends the chaincode even when it is busy for ever', async () => {
    const ledger = await startLedgerProcess(data);
    const connection = connectTo(ledger.ready);
    const pids = chaincodePids(ledger);
    const spinning = connection.contract.submitTransaction('spin').catch(() => undefined);
    await sleep(500);
    await ledger.kill('SIGKILL');
    await spinning;
    connection.close();
    await expect.poll(() => pids.filter(isRunning), { timeout: 5000 }).toEqual([]);
  });
});

describe('a block log that was cut anywhere', () => {
  it('continues from the last whole block', async () => {
    const log = join(data, 'blocks', 'blocks.log');
    const first = await startLedgerProcess(data);
    const connection = connectTo(first.ready);
    for (let index = 0; index < 5; index++)
      await connection.contract.submitTransaction('put', `k${String(index)}`, 'v');
    connection.close();
    await first.kill('SIGTERM');
    rmSync(join(data, 'state'), { recursive: true });
    truncateSync(log, statSync(log).size - 7);
    appendFileSync(log, Buffer.alloc(3));

    const second = await startLedgerProcess(data);
    expect(second.told.join()).toContain('bytes of an unfinished');
    const again = connectTo(second.ready);
    expect(await readChain(again, second.ready.channel)).toBe(5);
    expect([...(await keysOf(again))]).toEqual(['k0', 'k1', 'k2', 'k3']);
    await again.contract.submitTransaction('put', 'k4', 'again');
    expect(await readChain(again, second.ready.channel)).toBe(6);
    again.close();
    await second.kill('SIGTERM');
  });
});
