import { encodePackage, type DataPackage } from '../data/package.js';
import { splitTable } from '../data/split.js';
import type { Table } from '../data/table.js';
import type { Template } from '../data/template.js';
import type { TrainingProgram } from '../program.js';
import { trainOnShard } from '../trainer/host.js';
import { createModelOwnerTrainer, type ModelOwnerTrainer } from '../trainer/modelOwner.js';
import { openPackage } from '../trainer/openedPackage.js';
import type { RoundMetrics } from '../trainer/roundMetrics.js';
import type { TrainerState } from '../trainer/state.js';

/** Six rounds in which two of three subsets take turns. */
export const draws = [
  [0, 1],
  [2, 0],
  [1, 2],
  [0, 1],
  [2, 0],
  [1, 2],
];

/** The couple that all rounds belong to. */
export const context = { channel: 'market', chaincode: 'market', couple: 'tc_1' };

/** A table in three subsets, packed and opened. */
export interface Split {
  readonly template: Template;
  readonly packages: readonly DataPackage[];
  /** The standardised rows of the first subset, with their target. */
  readonly cells: Float64Array;
}

/** The same split of the same table in every process. */
export function splitFor(table: Table, program: TrainingProgram): Split {
  const { shards, template } = splitTable(table, { subsets: 3, seed: Buffer.from('fixture') });
  const bytes = shards.map((shard) =>
    encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(shard.subset + 1) }),
  );
  const packages = bytes.map((each) => openPackage(each, { program, template }));
  const [first = new Uint8Array()] = bytes;
  const cells = 8 * (template.subsetRows[0] ?? 0) * (template.features + 1);
  return { template, packages, cells: new Float64Array(first.slice(first.length - cells).buffer) };
}

/** A trainer with secrets that are always the same. */
export const trainerOf = (
  { template }: Pick<Split, 'template'>,
  program: TrainingProgram,
): Promise<ModelOwnerTrainer> =>
  createModelOwnerTrainer({ program, template, secret: new Uint8Array(32).fill(9), ...context });

/** A training's end, and all bytes that went to and fro. */
export interface Rounds {
  readonly trainer: ModelOwnerTrainer;
  readonly state: TrainerState;
  readonly bytes: readonly Uint8Array[];
  readonly metrics: readonly RoundMetrics[];
}

/** A value as JSON brings it back, as checkpoints do. */
export const clone = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** Rounds with a trainer for each, and states that pass through JSON in between. */
export async function roundsOf(
  { packages }: Pick<Split, 'packages'>,
  program: TrainingProgram,
  drawn: readonly (readonly number[])[],
  nextTrainer: () => Promise<ModelOwnerTrainer>,
): Promise<Rounds> {
  let trainer = await nextTrainer();
  let state = trainer.initialState();
  const bytes: Uint8Array[] = [trainer.heKey()];
  const metrics: RoundMetrics[] = [];
  for (const [index, subsets] of drawn.entries()) {
    const attempt = index + 1;
    const model = await trainer.modelForRound(state, attempt);
    bytes.push(model);
    const updates = [];
    for (const subset of subsets) {
      const opened = packages[subset];
      if (opened === undefined) throw new RangeError(`no subset ${subset}`);
      const job = { package: opened, program, model, heKey: trainer.heKey(), ...context, attempt };
      updates.push({ subset, bytes: await trainOnShard(job) });
    }
    bytes.push(...updates.map((update) => update.bytes));
    trainer = await nextTrainer();
    const applied = await trainer.applyUpdates(clone(state), attempt, updates);
    state = applied.state;
    metrics.push(applied.metrics);
  }
  return { trainer, state, bytes, metrics };
}

/** The same with one trainer. */
export async function train(
  split: Pick<Split, 'template' | 'packages'>,
  program: TrainingProgram,
  drawn: readonly (readonly number[])[],
): Promise<Rounds> {
  const trainer = await trainerOf(split, program);
  return roundsOf(split, program, drawn, () => Promise.resolve(trainer));
}
