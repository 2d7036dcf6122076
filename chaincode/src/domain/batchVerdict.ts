import { allAnswered, haveCommitted, type Outcome, type SubsetAnswers } from './verdict.js';

/**
 * Whether a quorum of each subset of a batch has committed. Their hosts upload then, and none before: where an update is
 * missing, the others of the batch have no use but to whoever wants to see them alone.
 *
 * @param batch the answers of each subset that is drawn together, see {@link batchOf}
 */
export const batchHasQuorum = (batch: readonly SubsetAnswers[]): boolean => batch.every(haveCommitted);

/**
 * Whether a batch is void for the round, for certain: a subset lacks a quorum of commitments, and no host of it can
 * commit any more.
 *
 * @param commitOver whether the commit deadline has passed
 */
export const batchIsVoid = (batch: readonly SubsetAnswers[], commitOver: boolean): boolean =>
  batch.some((answers) => !haveCommitted(answers) && (commitOver || allAnswered(answers)));

/**
 * How a batch ends whose subsets were settled like this, null where one is not. It is agreed only if each of them is: one
 * missing update leaves no sum. A host is paid for its own agreed job, the data owner for agreed batches alone.
 */
export function outcomeOfBatch(outcomes: readonly (Outcome | null)[]): Outcome | null {
  if (outcomes.includes('forfeited')) return 'forfeited';
  if (outcomes.includes('void')) return 'void';
  return outcomes.includes(null) ? null : 'agreed';
}
