import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualifiedName, transactionNames, transactions, type TransactionName } from '../domain/index.js';
import { declared, hashOf } from '../testing/fixtures.js';
import { Refused } from '../testing/memoryLedger.js';
import { TestMarket } from '../testing/market.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const rubbish: readonly Json[] = [
  null,
  true,
  '',
  'x',
  'x'.repeat(5000),
  '\u0000',
  'sha256:',
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  [[]],
  {},
  { a: 1 },
];

const changed = (value: Json, at: string | number, to: Json | undefined): Json => {
  if (Array.isArray(value))
    return value.flatMap((each, index) => (index === at ? (to === undefined ? [] : [to]) : [each]));
  const entries = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(
    entries.flatMap(([key, each]) => (key === at ? (to === undefined ? [] : [[key, to]]) : [[key, each]])),
  );
};

/** The input with one field changed: every field with every kind of bad value, and one field too many. */
function* mutations(value: Json): Generator<Json> {
  yield* rubbish;
  if (value === null || typeof value !== 'object') return;
  yield Array.isArray(value) ? [...value, 'more'] : { ...value, more: 1 };
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) {
    yield changed(value, key, undefined);
    const inner = (value as Record<string | number, Json>)[key] ?? null;
    for (const mutated of mutations(inner)) yield changed(value, key, mutated);
  }
}

/** The contract refuses it with a code that the transaction lists, or accepts it because its schema allows it. */
async function attempt(
  market: TestMarket,
  who: string,
  name: TransactionName,
  argument: string,
): Promise<void> {
  try {
    await market.ledger.endorseRaw(market.who(who), [qualifiedName(name), argument]);
    expect(transactions[name].input.safeParse(JSON.parse(argument)).success).toBe(true);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const refusal = declared(name, error);
    expect(refusal).not.toBe('INTERNAL');
    expect(error.written).toBe(0);
  }
}

describe('mutated inputs', () => {
  it('give a coded error and change nothing, at every step of a couple’s life', async () => {
    const tried = new Set<TransactionName>();
    const market = await TestMarket.open();
    market.before = async (who, name, input) => {
      if (tried.has(name)) return;
      tried.add(name);
      for (const mutated of mutations(input as Json))
        await attempt(market, who, name, JSON.stringify(mutated));
    };
    await market.register('host0', 'cloudOwner');
    await market.offer();
    for (const index of [0, 1]) for (const slot of [0, 1, 2]) await market.join(`host${slot}`, index, slot);
    await market.verifyAll();
    const program = { programDigest: hashOf('program'), architectureDigest: hashOf('architecture') };
    await market.submit('modeller', 'RegisterModel', {
      modelId: 'md_test',
      ...program,
      protection: 'encrypted',
    });
    await market.request({ subsetsPerRound: 1 });
    await market.approve();
    await market.playRound(1);
    const { drawn } = await market.start(2);
    const subset = drawn[0]!;
    const at = { coupleId: 'tc_test', attempt: 2 };
    await market.commitAll(2);
    await market.close(2, subset.subsetIndex, hashOf('wrong'));
    const own = { ...at, instanceId: subset.slots[0]!.instanceId };
    await market.submit('host0', 'RevealUpdate', {
      ...own,
      digest: market.updateDigest(2, subset.subsetIndex),
    });
    await market.pass(50_300);
    await market.submit('admin', 'TallyRound', { ...at, subsetIndexes: [subset.subsetIndex] });
    const ended = {
      coupleId: 'tc_test',
      finalModelDigest: hashOf('final'),
      metrics: [{ name: 'mse', value: '1' }],
    };
    await market.submit('modeller', 'FinishTraining', ended);
    await market.submit('owner', 'ReleaseRounds', { coupleId: 'tc_test' });
    await market.submit('host0', 'LeaveInstance', { instanceId: 'ci_test_0_0', generation: 1 });
    expect(tried.size).toBeGreaterThanOrEqual(16);
  });

  it.each(transactionNames)('%s refuses rubbish in place of its example', async (name) => {
    const market = await (ready ??= TestMarket.ready());
    for (const mutated of mutations(transactions[name].example as Json)) {
      await attempt(market, 'owner', name, JSON.stringify(mutated));
    }
  });

  it('refuses any text that is no JSON object', async () => {
    const market = await (ready ??= TestMarket.ready());
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.string().map((inner) => `{"${inner}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...transactionNames), text, async (name, argument) => {
        const accepted = (): boolean => {
          try {
            return transactions[name].input.safeParse(JSON.parse(argument)).success;
          } catch {
            return false;
          }
        };
        fc.pre(!accepted());
        await attempt(market, 'modeller', name, argument);
      }),
      { numRuns: 300 },
    );
  });
});

let ready: Promise<TestMarket> | undefined;
