import { subsetsPerTally, type TrainCouple, type Waiting } from '@veritrain/client-sdk';
import { marketOf, type RoleContext } from './role.js';

/**
 * Does what anyone may do once a deadline has passed, so that nobody waits for ever for a silent member.
 * @param may which of these transactions this role concerns itself with
 * @returns whom the couple waits for now, or undefined where something was done and it has to be looked at again
 */
export async function enforceDeadlines(
  context: RoleContext,
  couple: TrainCouple,
  may: readonly ('CancelTraining' | 'ExpireRound' | 'TallyRound')[],
  signal: AbortSignal,
): Promise<Waiting[] | undefined> {
  const { coupleId } = couple;
  const waiting = await marketOf(context).couples.waitingFor({ coupleId }, { signal });
  const due = waiting.filter(
    ({ until, thenAnyone }) =>
      until?.passed === true && may.some((transaction) => transaction === thenAnyone),
  );
  const [first] = due;
  if (first === undefined) return waiting;
  await enforce(context, couple, first, due, signal);
  return undefined;
}

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
