import { readFileSync } from 'node:fs';
import { encodePackage, type DataPackage } from '../data/package.js';
import { splitTable } from '../data/split.js';
import { parseTable, type Table } from '../data/table.js';
import type { Template } from '../data/template.js';
import { Drbg } from '../drbg.js';
import { defineProgram, type TrainingProgram } from '../program.js';
import type { Gram } from '../models/linear/gram.js';
import { linearParametersSchema, type LinearParameters } from '../models/linear/model.js';
import { evaluateModel } from '../models/predict.js';
import type { TrainedResult } from '../models/result.js';
import { optimiserStateSchema, type OptimiserState } from '../optimisers/state.js';
import { momentsOf, openPackage } from '../trainer/openedPackage.js';
import type { TrainerState } from '../trainer/state.js';

/** Rounds of the fixture's couple; the state passes through JSON each time, as a checkpoint does. */
export { context, trainerOf, train as runRounds } from '../conformance/training.js';

/** The Diabetes table, 442 × 10. */
export function diabetes(): Table {
  return parseTable(readFileSync(new URL('../../../demo/data/diabetes.csv', import.meta.url), 'utf8'));
}

/** A table with a linear target and noise; the same for the same seed. */
export function syntheticTable(rows: number, features: number, seed = 'table'): Table {
  const drbg = new Drbg(Buffer.from(seed));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 32 - 0.5;
  const values = Float64Array.from({ length: rows * features }, uniform);
  const targets = Float64Array.from({ length: rows }, (_, row) => {
    let sum = uniform() / 4;
    for (let j = 0; j < features; j++) sum += (j + 1) * (values[row * features + j] ?? 0);
    return sum;
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'synthetic', target: 'y', columns, rows, features, values, targets };
}

/** A table, split, packed and opened again. */
export interface Prepared {
  readonly table: Table;
  readonly template: Template;
  readonly packages: readonly DataPackage[];
  readonly packageBytes: readonly Uint8Array[];
}

/** How {@link prepare} splits and opens. */
export interface PrepareOptions {
  readonly aggregation?: Template['aggregation'];
  /** What packages are opened for; linear models if absent. */
  readonly program?: TrainingProgram;
}

/** Splits a table under a fixed seed; shard secrets follow from the subset's number. */
export function prepare(
  table: Table,
  subsets: number,
  { aggregation, program }: PrepareOptions = {},
): Prepared {
  const seed = Buffer.from('fixture');
  const { shards, template } = splitTable(table, { subsets, seed, ...(aggregation && { aggregation }) });
  const maskSecret = aggregation && new Uint8Array(32).fill(77);
  const packageBytes = shards.map((shard) =>
    encodePackage({
      template,
      shard,
      shardSecret: new Uint8Array(32).fill(shard.subset + 1),
      maskSecret,
    }),
  );
  const packages = packageBytes.map((bytes) => openPackage(bytes, program && { program, template }));
  return { table, template, packageBytes, packages };
}

/** The opened package of a subset. */
export function packageOf(prepared: Prepared, subset: number): DataPackage {
  const opened = prepared.packages[subset];
  if (opened === undefined) throw new RangeError(`no subset ${subset}`);
  return opened;
}

/** `count` subsets per round, in turns. */
export function turns(rounds: number, subsets: number, count: number): number[][] {
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: count }, (_unused, place) => (round * count + place) % subsets),
  );
}

/** The second moments of a package's rows. */
export const gramOf = (opened: DataPackage): Gram => momentsOf(opened, defineProgram()) as Gram;

/** What a state of a linear model keeps. */
export const linearState = ({ model }: TrainerState): OptimiserState => optimiserStateSchema.parse(model);

/** Weights and intercept of a linear model. */
export const linearModel = ({ parameters }: TrainedResult): LinearParameters =>
  linearParametersSchema.parse(parameters);

/** Mean squared error of a model over a table. */
export const mse = (table: Table, model: TrainedResult): number =>
  evaluateModel(table, model)[0]?.value ?? NaN;

/**
 * Bits in which two linear models of one dataset agree: −log2 of the largest difference of a weight over the largest
 * weight, in standardised units; 53 (a double's) for equal models.
 */
export function agreementBits(one: TrainedResult, other: TrainedResult, template: Template): number {
  const [a, b] = [linearModel(one).weights, linearModel(other).weights];
  const { scales, targetScale } = template.statistics;
  const standardised = (weight: number, j: number): number => Math.abs(weight * scales[j]!) / targetScale;
  const longest = Math.max(...[...a.map(standardised), ...b.map(standardised)]);
  const apart = Math.max(...a.map((weight, j) => standardised(weight - b[j]!, j)));
  return apart === 0 ? 53 : Math.max(0, Math.min(53, Math.log2(longest / apart)));
}
