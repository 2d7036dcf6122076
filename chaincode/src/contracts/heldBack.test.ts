import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyCall, callOf, makeCall, type AnyCall } from '../testing/anyCall.js';
import { period } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';
import { Refused, StaleRead, type Endorsed } from '../testing/memoryLedger.js';
import { DeadlineWatch } from '../testing/watch.js';

/** Moves of a member with its own client: it may endorse any transaction now and submit it later. */
type Move =
  | { readonly kind: 'hold' | 'do'; readonly call: AnyCall }
  | { readonly kind: 'holdTick'; readonly offMs: number; readonly restMs: number }
  | { readonly kind: 'release'; readonly index: number }
  | { readonly kind: 'tick' }
  | { readonly kind: 'rest'; readonly ms: number };

const kind = <Kind extends Move['kind']>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Move>) => ({ weight, arbitrary });

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  weighted(4, fc.record({ kind: kind('hold'), call: anyCall })),
  weighted(
    5,
    fc.record({
      kind: kind('holdTick'),
      offMs: fc.constantFrom(-250, 0, 250),
      restMs: fc.constantFrom(0, 15_000, 40_000),
    }),
  ),
  weighted(8, fc.record({ kind: kind('release'), index: fc.nat(7) })),
  weighted(10, fc.record({ kind: kind('do'), call: anyCall })),
  weighted(5, fc.record({ kind: kind('tick') })),
  weighted(5, fc.record({ kind: kind('rest'), ms: fc.constantFrom(100, 600, 9_000) })),
);

class Story {
  private readonly held: Endorsed[] = [];

  constructor(
    private readonly market: TestMarket,
    private readonly count: Map<string, number>,
  ) {}

  /** Makes the move. The contract may refuse it, and the ledger may find it stale. */
  async make(move: Move): Promise<void> {
    try {
      await this.attempt(move);
      this.note(`${move.kind} done`);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof StaleRead)) throw error;
      this.note(`${move.kind} ${error instanceof StaleRead ? 'stale' : 'refused'}`);
    }
  }

  private note(what: string): void {
    this.count.set(what, (this.count.get(what) ?? 0) + 1);
  }

  private async attempt(move: Move): Promise<void> {
    const { ledger } = this.market;
    const admin = this.market.who('admin');
    if (move.kind === 'rest') ledger.now += move.ms;
    if (move.kind === 'tick') await this.market.submit('admin', 'Tick', {});
    if (move.kind === 'do') await makeCall(this.market, move.call);
    if (move.kind === 'release') this.release(move.index);
    if (move.kind === 'holdTick') {
      this.held.push(await ledger.endorse(admin, 'Tick', {}, { timestampMs: ledger.now + move.offMs }));
      ledger.now += move.restMs;
    }
    if (move.kind === 'hold') {
      const made = callOf(this.market, move.call);
      if (made !== null)
        this.held.push(await ledger.endorse(this.market.who(move.call.who), made.name, made.input));
    }
  }

  private release(index: number): void {
    const [endorsed] = this.held.splice(index % Math.max(1, this.held.length), 1);
    if (endorsed !== undefined) this.market.ledger.commit(endorsed);
  }
}

describe('what is endorsed early and submitted late', () => {
  const count = new Map<string, number>();
  const starts: { market: TestMarket; restore: () => void }[] = [];

  beforeAll(async () => {
    const terms = { rounds: 2, spareAttempts: 2, subsetsPerRound: 1 };
    const opened = await TestMarket.approved(terms);
    await opened.openRound(1);
    const started = await TestMarket.approved({ ...terms, subsetsPerRound: 2 });
    await started.start(1);
    const offered = await TestMarket.open();
    await offered.offer();
    const markets = [offered, await TestMarket.ready(), await TestMarket.approved(terms), opened, started];
    for (const market of markets) starts.push({ market, restore: market.ledger.save() });
  });

  it('attack 41: makes nobody late: no deadline passes before its duration is over, whatever was held back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.noBias(fc.nat(4)),
        fc.array(anyMove, { minLength: 20, maxLength: 60, size: 'max' }),
        async (start, moves) => {
          const { market, restore } = starts[start]!;
          restore();
          market.ledger.now += 60_000;
          const watch = await DeadlineWatch.start(market);
          const story = new Story(market, count);
          for (const move of moves) {
            await story.make(move);
            expect(await watch.look()).toEqual([]);
          }
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: 45_000 },
    );
  }, 60_000);

  it('was tried with transactions that came through, and with some that died at a tick', () => {
    for (const what of ['release done', 'release stale', 'hold done', 'holdTick done', 'do done'])
      expect(count.get(what) ?? 0, what).toBeGreaterThan(0);
  });

  it('attack 41: a tick that was kept since the market was quiet starts no deadline', async () => {
    const market = await TestMarket.approved();
    market.ledger.now += period;
    const late = await market.ledger.endorse(market.who('admin'), 'Tick', {});
    market.ledger.now += 40 * period;
    await market.start(1);
    market.ledger.commit(late);
    await market.tick();
    const { phases } = await market.query('GetRound', { coupleId: 'tc_test', attempt: 1 });
    expect(phases?.commit).toMatchObject({ passed: false, dueAt: market.ledger.now + 10_000 });
  });
});
