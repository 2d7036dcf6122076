import { type Dataset, isVeritrainError, type RejectReason, type TrainCouple } from '@veritrain/client-sdk';
import { mostDrawn } from '@veritrain/client-sdk/protocol';
import { approveCouple, rejectCouple, rejectReasonOf } from '@veritrain/member/couples';
import { describeFailure } from '../../runtime/failure.js';
import { endorsed, type ReconcileContext } from '../role.js';

/** Refusals that leave a request open until its deadline. */
const overtaken = ['VT0202', 'VT0403'];

/**
 * Approves a request that keeps to the dataset's rules. Rejects any other request, and one that the contract does not let
 * it approve: an open request is reconciled again and again.
 * @returns whether it was answered
 */
export async function answerRequest(context: ReconcileContext): Promise<boolean> {
  const { market, member, steps, signal } = context;
  const { coupleId } = context.view.couple;
  // The terms, and the rules that they must keep to, are not taken from one peer.
  const couple = await market.couples.get({ coupleId }, endorsed(signal));
  const { datasetId } = couple;
  const term = objectionTo(couple, await market.datasets.get({ datasetId }, endorsed(signal)));
  if (term !== undefined) return reject(context, { coupleId, reason: 'terms' }, { term });
  try {
    await steps.run('approveTraining', { coupleId }, () => approveCouple(member, { coupleId }, { signal }));
    return true;
  } catch (error) {
    if (isVeritrainError(error, ...overtaken)) return false;
    const reason = isVeritrainError(error, 'VT0605') ? 'other' : rejectReasonOf(error);
    // A program that is not there yet may come until the deadline.
    if (reason === undefined || reason === 'programUnavailable') throw error;
    return reject(context, { coupleId, reason }, describeFailure(error));
  }
}

async function reject(
  { member, steps, logger, signal }: ReconcileContext,
  rejection: { coupleId: string; reason: RejectReason },
  facts: object,
): Promise<true> {
  logger.warn({ ...rejection, ...facts }, 'the request cannot be approved');
  await steps.run('rejectTraining', rejection, () => rejectCouple(member, rejection, { signal }));
  return true;
}

/**
 * Why an owner does not approve a request by itself. The contract refuses such a request too; an owner does not trust it
 * to.
 *
 * @returns the term that breaks the dataset's rules; undefined where all keep to them
 */
export function objectionTo({ terms }: TrainCouple, dataset: Dataset): string | undefined {
  const { mostRounds, mostSubsetsPerRound, mostIdleMs, protections } = dataset.requestRules;
  const { deadlines } = dataset;
  const changed = Object.entries(terms.deadlines).find(
    ([name, ms]) => ms !== deadlines[name as keyof typeof deadlines],
  );
  const broken: readonly (readonly [boolean, string])[] = [
    [terms.rounds > mostRounds, 'rounds'],
    [mostDrawn(dataset, terms.subsetsPerRound) > mostSubsetsPerRound, 'subsetsPerRound'],
    [terms.idleMs > mostIdleMs, 'idleMs'],
    [!protections.includes(terms.protection), 'protection'],
    [terms.subsets !== dataset.subsets || terms.replicas !== dataset.replicas, 'size'],
    [terms.aggregation !== dataset.aggregation, 'aggregation'],
    [changed !== undefined, changed?.[0] ?? 'deadlines'],
  ];
  return broken.find(([isBroken]) => isBroken)?.[1];
}
