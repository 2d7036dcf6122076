import { setTimeout as delay } from 'node:timers/promises';
import type { CoupleView, TrainCouple, Waiting } from '@veritrain/client-sdk';
import { subsetsPerTally } from '@veritrain/client-sdk/protocol';
import { marketOf, viewOf, type RoleContext } from '../role.js';

type Enforcement = 'CancelTraining' | 'ExpireRound' | 'TallyRound';

/** Everybody sees a deadline pass at the same tick; a random pause lets one come first, ms. */
const longestPauseMs = 1_000;

/**
 * Does what anyone may do once a deadline has passed, so that nobody waits for ever for a silent member.
 * @param may which of these transactions this role concerns itself with
 * @returns whom the couple waits for now, or undefined where something was done and it has to be looked at again
 */
export async function enforceDeadlines(
  context: RoleContext,
  { couple: { coupleId }, waiting }: CoupleView,
  may: readonly Enforcement[],
  signal: AbortSignal,
): Promise<Waiting[] | undefined> {
  if (!waiting.some((wait) => isDue(wait, may))) return waiting;
  await delay(Math.random() * longestPauseMs, undefined, { signal });
  const now = await viewOf(context, coupleId, signal);
  const due = now.waiting.filter((wait) => isDue(wait, may));
  const [first] = due;
  if (first !== undefined) await enforce(context, now.couple, first, due, signal);
  return undefined;
}

const isDue = ({ until, thenAnyone }: Waiting, may: readonly Enforcement[]): boolean =>
  until?.passed === true && may.some((transaction) => transaction === thenAnyone);

async function enforce(
  context: RoleContext,
  { coupleId, attempts, terms }: TrainCouple,
  { thenAnyone }: Waiting,
  due: readonly Waiting[],
  signal: AbortSignal,
): Promise<void> {
  const { couples, rounds } = marketOf(context);
  const round = { coupleId, attempt: attempts };
  if (thenAnyone === 'CancelTraining')
    await context.steps.run('cancelTraining', { coupleId }, () => couples.cancel({ coupleId }, { signal }));
  if (thenAnyone === 'ExpireRound')
    await context.steps.run('expireRound', round, () => rounds.expire(round, { signal }));
  if (thenAnyone === 'TallyRound') {
    const subsetIndexes = due
      .flatMap((wait) =>
        wait.thenAnyone === 'TallyRound' && wait.subsetIndex !== null ? [wait.subsetIndex] : [],
      )
      .slice(0, subsetsPerTally(terms.replicas));
    await context.steps.run('tallyRound', round, () => rounds.tally({ ...round, subsetIndexes }, { signal }));
  }
}
