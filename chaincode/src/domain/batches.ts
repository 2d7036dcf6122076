import { z } from 'zod';
import { ContractError } from './errors.js';

/** perSubset: the model owner gets one update for each subset; sum: only the sum of the updates of a batch of subsets. */
export const aggregation = z.enum(['perSubset', 'sum']);
/** What the model owner gets of the updates. */
export type Aggregation = z.infer<typeof aggregation>;

/** The fewest subsets of a batch: of two, each data owner of one could subtract it. */
export const minBatchSize = 3;
/** The most replicas with `sum`, where a close and a tally read the answers of a whole batch (about 50 keys). */
export const maxReplicasOfSums = 7;

/** What the batches of a dataset follow from: a dataset, or the terms of a couple. */
export interface Batched {
  /** m, the number of subsets. */
  readonly subsets: number;
  /** With `perSubset` each subset is a batch of its own. */
  readonly aggregation: Aggregation;
}

const consecutive = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

const countOf = (subsets: number): number => Math.floor(subsets / minBatchSize);

const batchAt = (subsets: number, at: number): number[] =>
  consecutive(at * minBatchSize, at === countOf(subsets) - 1 ? subsets : (at + 1) * minBatchSize);

/**
 * The fixed batches of a dataset with `sum`: ⌊m/3⌋ times three consecutive subsets, the last with the remainder (3 to 5).
 *
 * @param subsets m, at least 3
 * @throws RangeError below 3 subsets
 */
export function batchesOf(subsets: number): number[][] {
  if (subsets < minBatchSize) throw new RangeError(`${subsets} subsets make no batch of ${minBatchSize}`);
  return consecutive(0, countOf(subsets)).map((at) => batchAt(subsets, at));
}

/** All batches of a dataset, whatever its aggregation: the subsets that are drawn together, and void together. */
export const allBatches = ({ subsets, aggregation: rule }: Batched): number[][] =>
  rule === 'sum' ? batchesOf(subsets) : consecutive(0, subsets).map((index) => [index]);

/** The subsets of the batch of a subset, ascending, itself included; with `perSubset` itself alone. */
export const batchOf = ({ subsets, aggregation: rule }: Batched, subsetIndex: number): number[] =>
  rule === 'sum'
    ? batchAt(subsets, Math.min(Math.floor(subsetIndex / minBatchSize), countOf(subsets) - 1))
    : [subsetIndex];

/** The size of the largest batch: 1 with `perSubset`, otherwise 3 to 5. */
export const largestBatch = ({ subsets, aggregation: rule }: Batched): number =>
  rule === 'sum' ? minBatchSize + (subsets % minBatchSize) : 1;

/**
 * The most subsets that a round draws which takes whole batches until it has `count` subsets: `count` itself with
 * `perSubset`, otherwise up to four more.
 */
export const mostDrawn = (of: Batched, count: number): number =>
  of.aggregation === 'sum'
    ? Math.min(of.subsets, Math.ceil(count / minBatchSize) * minBatchSize + (of.subsets % minBatchSize))
    : count;

/** Refuses a dataset with `sum` that has too few subsets, too many replicas, or rules that never draw its largest batch. */
export function requireBatches(
  of: Batched & {
    readonly replicas: number;
    readonly requestRules: { readonly mostSubsetsPerRound: number };
  },
): void {
  if (of.aggregation !== 'sum') return;
  const { subsets, replicas, requestRules } = of;
  const refuse = (reason: string, facts: Record<string, number>): never => {
    throw new ContractError('UNFIT_FOR_SUMS', reason, facts);
  };
  if (subsets < minBatchSize) refuse('A batch has at least three subsets.', { subsets, least: minBatchSize });
  if (replicas > maxReplicasOfSums)
    refuse('The subsets have too many replicas.', { replicas, most: maxReplicasOfSums });
  const { mostSubsetsPerRound } = requestRules;
  const least = largestBatch(of);
  if (mostSubsetsPerRound < least)
    refuse('The rules let no round draw the largest batch.', { mostSubsetsPerRound, least });
}
