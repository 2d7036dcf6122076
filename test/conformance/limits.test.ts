import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { common, orderer } from '@hyperledger/fabric-protos';
import { blockOf } from './support/blocks.js';
import { evaluate, failureOf, submitAsync, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { isBft } from './support/settings.js';
import { openNetwork } from './support/network.js';

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

/** What the channel's configuration says of its blocks. */
async function batchSize(): Promise<orderer.BatchSize> {
  const [bytes] = (await blockOf(under, 0)).getData()!.getDataList_asU8();
  const envelope = common.Envelope.deserializeBinary(bytes!);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()!;
  const group = config.getChannelGroup()!.getGroupsMap().get('Orderer')!;
  return orderer.BatchSize.deserializeBinary(group.getValuesMap().get('BatchSize')!.getValue_asU8());
}

/** Submits many at once. @returns the blocks that they came to stand in */
async function burst(count: number, transaction: string, value: string): Promise<common.Block[]> {
  const submitted = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      submitAsync(under.contract, transaction, `${prefix}${transaction}${String(index)}`, value),
    ),
  );
  const statuses = await Promise.all(submitted.map((one) => one.getStatus()));
  const numbers = new Set(statuses.map(({ blockNumber }) => blockNumber));
  return Promise.all([...numbers].map((number) => blockOf(under, number)));
}

describe('a block', () => {
  it('holds no more transactions than the configuration allows', async () => {
    const most = (await batchSize()).getMaxMessageCount();
    const blocks = await burst(Math.min(3 * most, 60), 'put', 'x');
    for (const block of blocks) {
      expect(block.getData()!.getDataList().length).toBeLessThanOrEqual(most);
    }
    expect(blocks.some((block) => block.getData()!.getDataList().length > 1)).toBe(true);
  });

  // SmartBFT cuts by the absolute size alone.
  it.skipIf(isBft)('of several transactions stays below the preferred size', async () => {
    const preferred = (await batchSize()).getPreferredMaxBytes();
    const blocks = await burst(6, 'big', String(Math.round(preferred / 2.5)));
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    for (const block of blocks) {
      const sizes = block.getData()!.getDataList_asU8();
      const bytes = sizes.reduce((sum, { length }) => sum + length, 0);
      if (sizes.length > 1) expect(bytes).toBeLessThanOrEqual(preferred);
    }
  });
});

describe('a function that does not come back', () => {
  it('is given up after the time limit; the contract goes on answering', { timeout: 120_000 }, async () => {
    const failure = await failureOf(under.contract.submitTransaction('sleep', '100000'));
    expect(failure.kind).toBe('EndorseError');
    expect(failure.details.join()).toContain('timeout expired while executing transaction');
    expect(await evaluate(under.contract, 'get', `${prefix}nothing`)).toBe('');
  });
});
