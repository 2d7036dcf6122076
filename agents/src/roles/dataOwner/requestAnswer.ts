import { isVeritrainError, type RejectReason, type TrainCouple } from '@veritrain/client-sdk';
import { approveCouple, rejectCouple, rejectReasonOf } from '@veritrain/member/couples';
import { describeFailure } from '../../runtime/failure.js';
import { objectionTo } from './approval.js';
import { endorsed, marketOf, type RoleContext } from '../role.js';

/** What lets a request rest until its deadline ends it. */
const overtaken = ['VT0202', 'VT0403'];

/**
 * Approves a request that keeps to the dataset's rules. Rejects what does not, and what the contract does not let it
 * approve: a request that stays is looked at for ever.
 * @returns whether it was answered
 */
export async function answerRequest(
  context: RoleContext,
  { coupleId }: Pick<TrainCouple, 'coupleId'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { couples, datasets } = marketOf(context);
  // What is agreed to, and by whose rules, is not taken from one peer.
  const couple = await couples.get({ coupleId }, endorsed(signal));
  const { datasetId } = couple;
  const term = objectionTo(couple, await datasets.get({ datasetId }, endorsed(signal)));
  if (term !== undefined) return reject(context, { coupleId, reason: 'terms' }, { term }, signal);
  const { member, steps } = context;
  try {
    await steps.run('approveTraining', { coupleId }, () => approveCouple(member, { coupleId }, { signal }));
    return true;
  } catch (error) {
    if (isVeritrainError(error, ...overtaken)) return false;
    const reason = isVeritrainError(error, 'VT0605') ? 'other' : rejectReasonOf(error);
    // A program that is not there yet may come until the deadline.
    if (reason === undefined || reason === 'programUnavailable') throw error;
    return reject(context, { coupleId, reason }, describeFailure(error), signal);
  }
}

async function reject(
  { member, steps, logger }: RoleContext,
  rejection: { coupleId: string; reason: RejectReason },
  facts: object,
  signal: AbortSignal,
): Promise<true> {
  logger.warn({ ...rejection, ...facts }, 'the request cannot be approved');
  await steps.run('rejectTraining', rejection, () => rejectCouple(member, rejection, { signal }));
  return true;
}
