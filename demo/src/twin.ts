import {
  type DataPackage,
  lossOf,
  readPackage,
  type Table,
  type Template,
  type TrainedResult,
  trainInClear,
  type TrainingProgram,
} from '@veritrain/training';
import { type DatasetHome, streamFile } from '@veritrain/member/home';
import type { Loss } from './result.js';

interface TwinInput {
  readonly program: TrainingProgram;
  readonly template: Template;
  /** Where the data owner keeps the packages of its hosts. */
  readonly dataset: DatasetHome;
  readonly subsets: number;
  /** The subsets that each round used, by the ledger's records. */
  readonly used: readonly number[][];
}

/** Trains in clear with the splits, draws and schedule of the encrypted run. One model after each round. */
export async function trainTwin({
  program,
  template,
  dataset,
  subsets,
  used,
}: TwinInput): Promise<readonly TrainedResult[]> {
  const packages: DataPackage[] = [];
  for (let subset = 0; subset < subsets; subset += 1)
    packages.push(await readPackage(streamFile(dataset.packagePath(subset)), { program, template }));
  const plain: TrainingProgram = { ...program, protection: 'plain' };
  const { rounds } = await trainInClear({
    program: plain,
    template,
    packages,
    draws: used.map((draw) => [...draw]),
  });
  return rounds;
}

const maxLosses = 300;

/**
 * The figure that training makes smaller, over all rows by round, of the encrypted run and of its twin. Round 0 is the model before
 * training. Of a long run only some rounds are shown, the last always among them.
 */
export function lossesOf(
  table: Table,
  first: TrainedResult,
  encrypted: readonly TrainedResult[],
  plain: readonly TrainedResult[],
): Loss[] {
  const rounds = Math.min(encrypted.length, plain.length);
  const every = Math.ceil(rounds / maxLosses);
  const { value: before } = lossOf(table, first);
  const losses: Loss[] = [{ round: 0, encrypted: before, plain: before }];
  for (let round = 1; round <= rounds; round += 1) {
    const [ours, twin] = [encrypted[round - 1], plain[round - 1]];
    if (ours === undefined || twin === undefined || (round % every !== 0 && round !== rounds)) continue;
    losses.push({ round, encrypted: lossOf(table, ours).value, plain: lossOf(table, twin).value });
  }
  return losses;
}
