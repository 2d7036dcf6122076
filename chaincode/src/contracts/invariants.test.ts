import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyCall, makeCall, type AnyCall } from '../testing/anyCall.js';
import { brokenInvariants } from '../testing/invariants.js';
import { hashOf } from '../testing/fixtures.js';
import { Refused } from '../testing/memoryLedger.js';
import { TestMarket } from '../testing/market.js';
import { records, type Collection } from '../ledger/collections.js';
import { recordsOf } from '../testing/records.js';
import type { InputOf, TransactionName, Waiting } from '../domain/index.js';

/** Makes the call. Only a success or a refusal with a code passes. */
async function make(market: TestMarket, call: AnyCall, count: Map<string, number>): Promise<void> {
  const note = (what: string) => count.set(what, (count.get(what) ?? 0) + 1);
  try {
    if (await makeCall(market, call)) note(`${call.act} done`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    expect(error.refusal).not.toBeNull();
    expect(error.refusal).not.toBe('INTERNAL');
    expect(error.written).toBe(0);
    note(`${call.act} refused`);
  }
}

/** The transaction that anyone may call once the deadline that `waits` names has passed. */
function rescue(
  coupleId: string,
  attempt: number,
  waits: Waiting,
): [TransactionName, InputOf<TransactionName>] {
  const subsetIndexes = [waits.subsetIndex ?? 0];
  if (waits.thenAnyone === 'ExpireRound') return ['ExpireRound', { coupleId, attempt }];
  if (waits.thenAnyone === 'CancelTraining') return ['CancelTraining', { coupleId }];
  return ['TallyRound', { coupleId, attempt, subsetIndexes }];
}

/** A round's view leaves out reads of what the round cannot have. It has all that the ledger has. */
async function expectWholeViews(market: TestMarket): Promise<void> {
  const all = <Value extends RoundKey>(collection: Collection<Value>) =>
    [...recordsOf(market.ledger, collection)]
      .sort((left, right) => (left.key.join() < right.key.join() ? -1 : 1))
      .map(({ value }) => value);
  const [jobs, settlements, reveals] = [all(records.job), all(records.settlement), all(records.reveal)];
  for (const { coupleId, attempt } of all(records.round)) {
    const isOfRound = (each: RoundKey): boolean => each.coupleId === coupleId && each.attempt === attempt;
    expect(await market.query('GetRound', { coupleId, attempt })).toMatchObject({
      jobs: jobs.filter(isOfRound),
      settlements: settlements.filter(isOfRound),
      reveals: reveals.filter(isOfRound),
    });
  }
}

interface RoundKey {
  readonly coupleId: string;
  readonly attempt: number;
}

/** No member acts any more: an identity that is not registered brings every couple to its end. */
async function endAll(market: TestMarket): Promise<void> {
  for (const { value } of recordsOf(market.ledger, records.couple)) {
    const { coupleId } = value;
    for (let step = 0; step < 4; step += 1) {
      const { waiting } = await market.query('GetCoupleView', { coupleId });
      if (waiting.length === 0) break;
      for (const each of waiting) expect(each.until).not.toBeNull();
      await market.pass(52_000);
      const due = await market.query('GetCoupleView', { coupleId });
      for (const each of due.waiting)
        await market.submit('admin', ...rescue(coupleId, due.couple.attempts, each));
    }
    expect(['rejected', 'cancelled', 'finished']).toContain(
      (await market.query('GetCouple', { coupleId })).state,
    );
  }
}

describe('any order of valid and invalid calls by anyone', () => {
  const count = new Map<string, number>();
  const starts: { market: TestMarket; restore: () => void }[] = [];

  beforeAll(async () => {
    const terms = { rounds: 2, spareAttempts: 2 };
    const answered = async () => {
      const market = await TestMarket.approved({ ...terms, subsetsPerRound: 1 });
      await market.start(1);
      const [index = 0] = await market.commitAll(1);
      return { market, index };
    };
    const offered = await TestMarket.open();
    await offered.offer();
    const started = await TestMarket.approved({ ...terms, subsetsPerRound: 2 });
    await started.start(1);
    const contested = await answered();
    await contested.market.close(1, contested.index, hashOf('wrong'));
    const late = await answered();
    await late.market.pass(51_000);
    const approved = await TestMarket.approved({ ...terms, subsetsPerRound: 1 });
    const sums = async () => {
      const market = await TestMarket.approved({ ...terms, subsets: 3, aggregation: 'sum' });
      return { market, drawn: (await market.start(1)).drawn };
    };
    const lacking = await sums();
    for (const { slots } of lacking.drawn.slice(0, 2))
      for (const { instanceId } of slots.slice(0, 2)) await lacking.market.commitUpdate(1, instanceId);
    const full = await sums();
    await full.market.commitAll(1);
    const markets = [offered, await TestMarket.ready(), approved, started, lacking.market, full.market];
    for (const market of [...markets, (await answered()).market, contested.market, late.market]) {
      starts.push({ market, restore: market.ledger.save() });
    }
  });

  it('breaks no invariant, reaches no undefined state, and leaves nobody waiting for ever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.noBias(fc.nat(8)),
        fc.array(anyCall, { minLength: 20, maxLength: 60, size: 'max' }),
        async (start, calls) => {
          const { market, restore } = starts[start]!;
          restore();
          for (const call of calls) {
            await make(market, call, count);
          }
          expect(brokenInvariants(market.ledger)).toEqual([]);
          await expectWholeViews(market);
          await endAll(market);
          expect(brokenInvariants(market.ledger)).toEqual([]);
          await expectWholeViews(market);
        },
      ),
      { numRuns: 100, interruptAfterTimeLimit: 45_000 },
    );
  }, 60_000);

  it('was tried with calls that work and calls that are refused', () => {
    for (const act of 'join verify open start update close reveal tally'.split(' ')) {
      expect(count.get(`${act} done`) ?? 0, act).toBeGreaterThan(0);
      expect(count.get(`${act} refused`) ?? 0, act).toBeGreaterThan(0);
    }
  });
});
