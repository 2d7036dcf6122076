import { isVeritrainError, type TrainCouple } from '@veritrain/client-sdk';
import { approveCouple, rejectCouple } from '../actions/answerCouple.js';
import { describeFailure } from '../runtime/failure.js';
import { objectionTo } from './approval.js';
import { endorsed, marketOf, type RoleContext } from './role.js';

type Reason = Parameters<typeof rejectCouple>[1]['reason'];

/** Approvals that the contract refuses now and will refuse again, and what the model owner is told. */
const refusals: Readonly<Record<string, Reason>> = {
  VT0502: 'terms', // DATASET_WITHDRAWN
  VT0605: 'other', // ANCHOR_USED
  VT0606: 'capacity', // LIFETIME_EXHAUSTED
};

/** What lets a request rest until its deadline ends it. */
const overtaken = ['VT0202', 'VT0403'];

/**
 * Approves a request that keeps to the dataset's rules. Rejects what does not, and what the contract does not let it
 * approve: a request that stays is looked at for ever.
 * @returns whether it was answered
 */
export async function answerRequest(
  context: RoleContext,
  { coupleId, datasetId }: TrainCouple,
  signal: AbortSignal,
): Promise<boolean> {
  const { couples, datasets } = marketOf(context);
  // What is agreed to is not taken from one peer.
  const dataset = await datasets.get({ datasetId }, endorsed(signal));
  const term = objectionTo(await couples.get({ coupleId }, endorsed(signal)), dataset);
  if (term !== undefined) return reject(context, { coupleId, reason: 'terms' }, { term }, signal);
  const { member, steps } = context;
  try {
    await steps.run('approveTraining', { coupleId }, () => approveCouple(member, { coupleId }, { signal }));
    return true;
  } catch (error) {
    if (isVeritrainError(error, ...overtaken)) return false;
    const reason = isVeritrainError(error) ? refusals[error.code] : undefined;
    if (reason === undefined) throw error;
    return reject(context, { coupleId, reason }, describeFailure(error), signal);
  }
}

async function reject(
  { member, steps, logger }: RoleContext,
  rejection: { coupleId: string; reason: Reason },
  facts: object,
  signal: AbortSignal,
): Promise<true> {
  logger.warn({ ...rejection, ...facts }, 'the request cannot be approved');
  await steps.run('rejectTraining', rejection, () => rejectCouple(member, rejection, { signal }));
  return true;
}
