import { setTimeout as delay } from 'node:timers/promises';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { newId } from '@veritrain/client-sdk/keys';
import { type InputOf, qualifiedName, type TransactionName } from '@veritrain/client-sdk/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectChannel } from '../command/blocks/connection.js';
import { heightOf } from '../command/blocks/height.js';
import { keyKind } from '../command/blocks/keyKind.js';
import { isValid, type LedgerBlock, type LedgerTransaction } from '../command/blocks/ledgerBlock.js';
import { readBlocks } from '../command/blocks/readBlocks.js';
import { conflictsByKind, sumBlocks, sumBlocksBy, totalsOf } from '../command/blocks/sumBlocks.js';
import { digestFor } from '../workloads/story/digests.js';
import type { Member } from '../workloads/preparedMarket.js';
import { startPreparedLedger, type PreparedLedger } from './support/preparedLedger.js';

const tickPeriodMs = 1_000;

let market: PreparedLedger;
/** Height before and after the couple, and after the conflicts. */
let from: bigint;
let afterCouple: bigint;
let blocks: LedgerBlock[];
const overtaken = { byTick: '', byModel: '' };

const blocksIn = async (range: { from: bigint; to?: bigint }): Promise<LedgerBlock[]> => {
  const found: LedgerBlock[] = [];
  for await (const block of readBlocks(market.organization, range)) found.push(block);
  return found;
};

const transactionsOf = (some: readonly LedgerBlock[]): LedgerTransaction[] =>
  some.flatMap((block) => block.transactions);

beforeAll(async () => {
  market = await startPreparedLedger({ tickPeriodMs });
  from = await heightOf(market.organization);
  await market.play({ subsets: 2, replicas: 3, rounds: 2 });
  afterCouple = await heightOf(market.organization);
  await overtakeByTick();
  await overtakeByModel();
  blocks = await blocksIn({ from });
});
afterAll(() => market?.stop());

/** Endorses a transaction without submitting it. */
async function endorse<Name extends TransactionName>(
  member: Member,
  name: Name,
  input: InputOf<Name>,
): Promise<{ transaction: Transaction; close: () => void }> {
  const { network, close } = connectChannel(market.organization, market.identityOf(member));
  const proposal = network
    .getContract(market.chaincode)
    .newProposal(qualifiedName(name), { arguments: [JSON.stringify(input)] });
  return { transaction: await proposal.endorse(), close };
}

/** Submits the transactions one after another. @returns their validation codes */
async function commit(...endorsed: Awaited<ReturnType<typeof endorse>>[]): Promise<number[]> {
  const codes: number[] = [];
  for (const { transaction, close } of endorsed) {
    codes.push((await (await transaction.submit()).getStatus()).code);
    close();
  }
  return codes;
}

async function overtakeByTick(): Promise<void> {
  await delay(tickPeriodMs);
  const read = await endorse(market.cast.dataOwner, 'GetClock', {});
  const tick = await endorse(market.cast.dataOwner, 'Tick', {});
  overtaken.byTick = read.transaction.getTransactionId();
  expect(await commit(tick, read)).toEqual([0, 11]);
}

async function overtakeByModel(): Promise<void> {
  const { place, modelOwner } = market.cast;
  const input = {
    modelId: newId('md', { ...place, ownerId: modelOwner.participantId }),
    programDigest: digestFor('program'),
    architectureDigest: digestFor('architecture'),
    protection: 'encrypted',
  } as const;
  const first = await endorse(modelOwner, 'RegisterModel', input);
  const second = await endorse(modelOwner, 'RegisterModel', input);
  overtaken.byModel = second.transaction.getTransactionId();
  expect(await commit(first, second)).toEqual([0, 11]);
}

it('names a key by the type of its record', () => {
  const named = [
    '\u0000clock\u0000',
    '\u0000job\u0000tj_1\u0000',
    'tc_33cfac4fd237772146aec0826fef6b7d',
    'rem',
  ];
  expect(named.map(keyKind)).toEqual(['clock', 'job', 'tc', 'rem']);
});

describe('readBlocks', () => {
  it('gives every transaction of a range with what it called, read and wrote', async () => {
    const couple = transactionsOf(await blocksIn({ from, to: afterCouple }));
    expect(couple).toHaveLength(25);
    const offer = couple.find((each) => each.function === 'RegisterDataset');
    expect(offer).toMatchObject({ chaincode: market.chaincode, contract: 'DatasetContract', code: 0 });
    const update = couple.find((each) => each.function === 'SubmitUpdate')!;
    expect(update.reads.map(({ key }) => keyKind(key))).toContain('clock');
    const job = update.writes.find(({ key }) => keyKind(key) === 'job')!;
    expect(JSON.parse(Buffer.from(job.value!).toString())).toHaveProperty('commitment');
    expect(new Set(couple.map(({ id }) => id)).size).toBe(25);
  });

  it('tells versions by which each read finds the write before it', () => {
    const written = new Map<string, LedgerTransaction>();
    let found = 0;
    for (const transaction of transactionsOf(blocks).filter(isValid)) {
      for (const { key, version } of transaction.reads) {
        const writer = written.get(key);
        if (writer === undefined) continue;
        expect(version).toEqual({ block: writer.block, position: writer.position });
        found += 1;
      }
      for (const { key, value } of transaction.writes) {
        if (value === null) written.delete(key);
        else written.set(key, transaction);
      }
    }
    expect(found).toBeGreaterThan(40);
  });

  it('gives nothing behind the newest block', async () => {
    expect(await blocksIn({ from: await heightOf(market.organization) })).toEqual([]);
  });

  it('leaves out transactions that configure the channel', async () => {
    const [genesis] = await blocksIn({ from: 0n, to: 1n });
    expect(genesis).toMatchObject({ number: 0, transactions: [] });
    expect(genesis!.bytes).toBeGreaterThan(1_000);
  });
});

describe('sumBlocks', () => {
  it('sums by function, valid transactions alone', async () => {
    const { functions, ...whole } = await sumBlocks(blocks);
    const all = transactionsOf(blocks);
    expect(functions.JoinInstance).toMatchObject({ transactions: 6, invalid: 0 });
    expect(functions.SubmitUpdate).toMatchObject({ transactions: 6, invalid: 0 });
    expect(functions.RegisterModel).toMatchObject({ transactions: 2, invalid: 1 });
    expect(functions.GetClock).toMatchObject({
      transactions: 0,
      invalid: 1,
      bytes: 0,
      keysRead: 0,
      valueBytes: 0,
    });
    const updates = all.filter((each) => each.function === 'SubmitUpdate');
    expect(functions.SubmitUpdate!.bytes).toBe(updates.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(functions.SubmitUpdate!.keysRead).toBe(updates.reduce((sum, { reads }) => sum + reads.length, 0));
    expect(whole.blocks).toBe(blocks.length);
    expect(whole.blockBytes).toBeGreaterThan(all.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(whole.blockBytesMax).toBe(Math.max(...blocks.map(({ bytes }) => bytes)));
    expect(whole.transactionsPerBlockMax).toBeGreaterThanOrEqual(whole.transactionsPerBlockP50!);
  });

  it('names the keys that conflicts were about', async () => {
    const { conflicts } = await sumBlocks(blocks);
    expect(conflicts).toEqual([
      { transactionId: overtaken.byTick, function: 'GetClock', keys: ['\0clock\0'], kinds: ['clock'] },
      expect.objectContaining({ transactionId: overtaken.byModel, kinds: ['model'] }),
    ]);
    expect(conflictsByKind(conflicts)).toEqual({ clock: 1, model: 1 });
  });

  it('takes both records that a Tick writes for the clock’s', async () => {
    const tick = blocks.find(({ transactions }) => transactions[0]?.function === 'Tick')!;
    const keys = tick.transactions[0]!.writes.map(({ key }) => key).sort();
    expect(keys.map(keyKind)).toEqual(['clock', 'tick']);
    const read = transactionsOf(blocks).find(({ id }) => id === overtaken.byTick)!;
    const { version } = read.reads.find(({ key }) => keyKind(key) === 'clock')!;
    const both = { ...read, reads: keys.map((key) => ({ key, version })) };
    const { conflicts } = await sumBlocks([tick, { ...tick, number: tick.number + 1, transactions: [both] }]);
    expect(conflictsByKind(conflicts)).toEqual({ clock: 1 });
  });

  it('says unknown where the overtaking write lies before the first block', async () => {
    const late = blocks.filter(({ transactions }) => transactions.some(({ id }) => id === overtaken.byTick));
    const { conflicts } = await sumBlocks(late.filter(({ transactions }) => transactions.length === 1));
    expect(conflictsByKind(conflicts)).toEqual({ unknown: 1 });
  });
});

describe('sumBlocksBy', () => {
  it('sums each group by itself, and tells conflicts by what other groups wrote', async () => {
    const begin = await heightOf(market.organization);
    await market.play({ subsets: 2, replicas: 3, rounds: 4 });
    const groups = await sumBlocksBy(readBlocks(market.organization, { from }), ({ number }) => {
      if (number < afterCouple) return 'small';
      if (number >= begin) return 'large';
      // The block of the stale read, without the tick's block before it.
      return blocks
        .find((block) => block.number === number)
        ?.transactions.some(({ id }) => id === overtaken.byTick)
        ? 'overtaken'
        : undefined;
    });
    const small = groups.get('small')!;
    const large = groups.get('large')!;
    // A round has OpenRound, StartRound, three SubmitUpdate, CloseRound.
    expect(totalsOf(small).transactions).toBe(25);
    expect(totalsOf(large).transactions).toBe(25 + 2 * 6);
    expect(large.blockBytes).toBeGreaterThan(small.blockBytes);
    expect(totalsOf(large).stateBytes).toBeGreaterThan(totalsOf(small).stateBytes);
    expect(conflictsByKind(groups.get('overtaken')!.conflicts)).toEqual({ clock: 1 });
    expect(groups.size).toBe(3);
  });
});
