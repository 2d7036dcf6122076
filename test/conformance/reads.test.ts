import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate, evaluateJson, failureOf, submit, submitAsync, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';

const PHANTOM_READ_CONFLICT = 12;
const MVCC_READ_CONFLICT = 11;

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

describe('reads', () => {
  it('see the committed state, never the writes of their own transaction', async () => {
    await submit(under.contract, 'put', `${prefix}own`, 'old');
    expect(await submit(under.contract, 'putThenGet', `${prefix}own`, 'new')).toBe('old');
    expect(await evaluate(under.contract, 'get', `${prefix}own`)).toBe('new');
  });

  it('of evaluated transactions leave nothing behind', async () => {
    await evaluate(under.contract, 'put', `${prefix}evaluated`, 'x');
    expect(await evaluate(under.contract, 'get', `${prefix}evaluated`)).toBe('');
  });

  it('of an absent key conflict with the transaction that creates it', async () => {
    const reader = await under.contract
      .newProposal('copy', { arguments: [`${prefix}absent`, `${prefix}copy`] })
      .endorse();
    await submit(under.contract, 'put', `${prefix}absent`, 'now here');
    const submitted = await reader.submit();
    expect((await submitted.getStatus()).code).toBe(MVCC_READ_CONFLICT);
  });

  it('give nothing for a deleted key, or one with an empty value', async () => {
    await submit(under.contract, 'put', `${prefix}deleted`, 'x');
    await submit(under.contract, 'remove', `${prefix}deleted`);
    expect(await evaluate(under.contract, 'get', `${prefix}deleted`)).toBe('');
    await submit(under.contract, 'put', `${prefix}empty`, '');
    expect(await evaluateJson(under.contract, 'range', `${prefix}empty`, `${prefix}empty~`)).toEqual([]);
  });
});

describe('ranges', () => {
  it('include their start, not their end, in the order of the keys’ bytes', async () => {
    const names = ['a', 'A', 'aa', 'é', '\u{ff5e}', '\u{1f600}', 'z'];
    for (const name of names) await submit(under.contract, 'put', `${prefix}order${name}`, 'x');
    const sorted = [...names].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const end = `${prefix}order\u{10ffff}`;
    const found = await evaluateJson(under.contract, 'range', `${prefix}order`, end);
    expect(found).toEqual(sorted.map((name) => `${prefix}order${name}`));
    const within = await evaluateJson(under.contract, 'range', `${prefix}ordera`, `${prefix}orderz`);
    expect(within).toEqual([`${prefix}ordera`, `${prefix}orderaa`]);
  });

  it('longer than one message to the chaincode come whole', async () => {
    await submit(under.contract, 'putMany', `${prefix}many`, '250');
    const found = await evaluateJson(under.contract, 'range', `${prefix}many`, `${prefix}many~`);
    expect(found).toHaveLength(250);
  });

  it('are asked again at commit: an insert, a deletion or a change within is a phantom', async () => {
    for (const [name, change] of [
      ['insert', ['put', 'b', 'x']],
      ['deletion', ['remove', 'a']],
      ['change', ['put', 'a', 'other']],
    ] as const) {
      const start = `${prefix}phantom-${name}-`;
      await submit(under.contract, 'put', `${start}a`, 'x');
      const args = [start, `${start}~`, `${prefix}counted-${name}`];
      const reader = await under.contract.newProposal('countInto', { arguments: args }).endorse();
      const [transaction, key, ...value] = change;
      await submit(under.contract, transaction, `${start}${key}`, ...value);
      const status = await (await reader.submit()).getStatus();
      expect({ name, code: status.code }).toEqual({ name, code: PHANTOM_READ_CONFLICT });
    }
  });

  it('do not conflict with what happens outside of them', async () => {
    const start = `${prefix}calm-`;
    await submit(under.contract, 'put', `${start}a`, 'x');
    const args = [start, `${start}m`, `${prefix}calm`];
    const reader = await under.contract.newProposal('countInto', { arguments: args }).endorse();
    await submit(under.contract, 'put', `${start}m`, 'x');
    expect((await (await reader.submit()).getStatus()).successful).toBe(true);
  });

  it.each(['true', 'false'])(
    'left early (closed: %s) end at the last key that the peer looked at',
    async (closed) => {
      const start = `${prefix}early-${closed}-`;
      await submit(under.contract, 'putMany', start, '300');
      const endorse = async (target: string): Promise<{ code: number }> => {
        const args = [start, `${start}~`, '3', `${prefix}${target}-${closed}`, closed];
        const reader = await under.contract.newProposal('firstInto', { arguments: args }).endorse();
        await submit(under.contract, 'put', target === 'beyond' ? `${start}0250x` : `${start}0001x`, 'x');
        return (await reader.submit()).getStatus();
      };
      expect((await endorse('beyond')).code).toBe(0);
      expect((await endorse('within')).code).toBe(PHANTOM_READ_CONFLICT);
    },
  );

  it('over composite keys find the rows below a partial key, in order', async () => {
    for (const [first, second] of [
      ['x', '2'],
      ['x', '1'],
      ['y', '1'],
    ]) {
      await submit(under.contract, 'putRow', `${prefix}row`, JSON.stringify([first, second]));
    }
    const found = await evaluateJson(under.contract, 'rows', `${prefix}row`, '["x"]');
    expect(found).toEqual([
      ['x', '1'],
      ['x', '2'],
    ]);
  });

  it('of simple keys do not show composite keys', async () => {
    await submit(under.contract, 'putRow', `${prefix}hidden`, '["a"]');
    expect(await evaluateJson(under.contract, 'range', '', '\u0001')).toEqual([]);
  });
});

describe('paginated queries', () => {
  it('give pages with bookmarks that continue', async () => {
    const start = `${prefix}page`;
    await submit(under.contract, 'putMany', start, '5');
    const page = (bookmark: string): Promise<unknown> =>
      evaluateJson(under.contract, 'page', start, `${start}~`, '2', bookmark);
    expect(await page('')).toEqual({
      keys: [`${start}0000`, `${start}0001`],
      bookmark: `${start}0002`,
      count: 2,
    });
    expect(await page(`${start}0004`)).toEqual({ keys: [`${start}0004`], bookmark: '', count: 1 });
  });

  it.each([
    ['pageThenPut', 'Transaction has already performed a paginated query. Writes are not allowed'],
    ['putThenPage', 'Paginated queries are supported only in a read-only transaction'],
  ])('make a transaction read-only: %s is refused', async (transaction, reason) => {
    const args = [`${prefix}page`, `${prefix}page~`, `${prefix}target`];
    const failure = await failureOf(under.contract.submitTransaction(transaction, ...args));
    expect(failure.kind).toBe('EndorseError');
    expect(failure.details.join()).toContain(reason);
  });
});

describe('conflicts', () => {
  it('of reads and writes in one block leave exactly one winner', async () => {
    await submit(under.contract, 'put', `${prefix}hot`, '0');
    const endorsed = await Promise.all(
      Array.from({ length: 10 }, () =>
        under.contract.newProposal('increment', { arguments: [`${prefix}hot`] }).endorse(),
      ),
    );
    const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
    const codes = await Promise.all(submitted.map(async (one) => (await one.getStatus()).code));
    expect(codes.sort((left, right) => left - right)).toEqual([
      0,
      ...Array.from({ length: 9 }, () => MVCC_READ_CONFLICT),
    ]);
    expect(await evaluate(under.contract, 'get', `${prefix}hot`)).toBe('1');
  });

  it('do not arise between blind writes: the last one stays', async () => {
    const writes = ['1', '2', '3'].map((value) =>
      submitAsync(under.contract, 'put', `${prefix}blind`, value),
    );
    const statuses = await Promise.all(writes.map(async (write) => (await write).getStatus()));
    expect(statuses.map(({ successful }) => successful)).toEqual([true, true, true]);
  });

  it('do not arise between rows under a composite key', async () => {
    const rows = Array.from({ length: 20 }, (_, index) =>
      submit(under.contract, 'putRow', `${prefix}many`, JSON.stringify([String(index)])),
    );
    await Promise.all(rows);
    expect(await evaluateJson(under.contract, 'rows', `${prefix}many`, '[]')).toHaveLength(20);
  });
});
