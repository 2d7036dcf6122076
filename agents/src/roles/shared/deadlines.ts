import { setTimeout as delay } from 'node:timers/promises';
import type { Waiting } from '@veritrain/client-sdk';
import { subsetsPerTally } from '@veritrain/client-sdk/protocol';
import { reconcileContextOf, type ReconcileContext } from '../role.js';

const enforcements = ['CancelTraining', 'ExpireRound', 'TallyRound'] as const;
type Enforcement = (typeof enforcements)[number];

/** All members see a deadline pass at the same tick; a random pause lets one of them come first, ms. */
const maxPauseMs = 1_000;

/**
 * Sends the transactions that anyone may send once a deadline has passed, so that no member waits for a silent one.
 * @param may which of these transactions this role sends; default: all
 * @returns what the couple waits for now; undefined where a transaction may have been sent, and the couple needs another
 *   reconcile
 */
export async function enforceDeadlines(
  context: ReconcileContext,
  may: readonly Enforcement[] = enforcements,
): Promise<Waiting[] | undefined> {
  const { view, signal } = context;
  if (!view.waiting.some((wait) => isDue(wait, may))) return view.waiting;
  await delay(Math.random() * maxPauseMs, undefined, { signal });
  const now = await reconcileContextOf(context, view.couple.coupleId, signal);
  const due = now.view.waiting.filter((wait) => isDue(wait, may));
  const [first] = due;
  if (first !== undefined) await enforce(now, first, due);
  return undefined;
}

const isDue = ({ until, thenAnyone }: Waiting, may: readonly Enforcement[]): boolean =>
  until?.passed === true && may.some((transaction) => transaction === thenAnyone);

async function enforce(
  { view, market, steps, signal }: ReconcileContext,
  { thenAnyone }: Waiting,
  due: readonly Waiting[],
): Promise<void> {
  const { coupleId, attempts, terms } = view.couple;
  const { couples, rounds } = market;
  const round = { coupleId, attempt: attempts };
  if (thenAnyone === 'CancelTraining')
    await steps.run('cancelTraining', { coupleId }, () => couples.cancel({ coupleId }, { signal }));
  if (thenAnyone === 'ExpireRound')
    await steps.run('expireRound', round, () => rounds.expire(round, { signal }));
  if (thenAnyone === 'TallyRound') {
    const subsetIndexes = due
      .flatMap((wait) =>
        wait.thenAnyone === 'TallyRound' && wait.subsetIndex !== null ? [wait.subsetIndex] : [],
      )
      .slice(0, subsetsPerTally(terms));
    await steps.run('tallyRound', round, () => rounds.tally({ ...round, subsetIndexes }, { signal }));
  }
}
