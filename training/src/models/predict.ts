import type { Table } from '../data/table.js';
import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { mappedWidth, isMapped, mappedTemplate, rowMapper } from '../maps/mappedRows.js';
import { mapUseOf, type TrainingProgram } from '../program.js';
import { at } from '../numbers.js';
import { labelsOf } from './classLabels.js';
import { classCurves, type ClassCurves } from './classificationCurves.js';
import type { Task } from './family.js';
import { familyOf } from './registry.js';
import type { ModelMetric, ModelParameters, TrainedResult } from './result.js';

/**
 * Predictions, one per row, in the target's unit.
 * @throws TrainingError VT7301 for a family that is not there, VT7501 where the table's width is another
 */
export function predict(
  table: Pick<Table, 'values' | 'rows' | 'features'>,
  { family, parameters, features: mapped }: TrainedResult,
): Float64Array {
  const { features } = table;
  if (mapped !== undefined) return predictMapped(table, { family, parameters, features: mapped });
  const predictRow = familyOf(family).predictor(parameters, features);
  return Float64Array.from({ length: table.rows }, (_, row) =>
    predictRow(table.values.subarray(row * features, (row + 1) * features)),
  );
}

/** A model on mapped features. */
interface MappedResult extends TrainedResult {
  readonly features: NonNullable<TrainedResult['features']>;
}

function predictMapped(
  { values, rows, features: columns }: Pick<Table, 'values' | 'rows' | 'features'>,
  { family, parameters, features: mapped }: MappedResult,
): Float64Array {
  const { map, means, scales } = mapped;
  if (means.length !== columns || scales.length !== columns) {
    const what = `a model of ${means.length} columns does not fit ${columns}`;
    throw new TrainingError('VT7501', what, { columns, found: means.length });
  }
  const use = { map, hasOnes: familyOf(family).wantsOnes };
  const features = new Float64Array(mappedWidth(use, columns));
  const mapRow = rowMapper(use, columns, { means, scales });
  const predictRow = familyOf(family).predictor(parameters, features.length);
  return Float64Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    mapRow(
      own.map((value, column) => (value - at(means, column)) / at(scales, column)),
      features,
    );
    return predictRow(features);
  });
}

/** The model that a training begins with: the mean of the target, or the shares of its classes. */
export function firstModel(
  program: Pick<TrainingProgram, 'family' | 'head' | 'featureMap'>,
  template: Template,
): TrainedResult {
  const { family, head } = program;
  const model = familyOf(family);
  const own = mappedTemplate(mapUseOf(program), template);
  return resultOf(program, template, model.parameters(model.firstState(own, head), own, null));
}

/** A trained model as a document. */
export function resultOf(
  { family, featureMap: map }: Pick<TrainingProgram, 'family' | 'featureMap'>,
  { statistics: { means, scales } }: Template,
  parameters: ModelParameters,
): TrainedResult {
  return { family, parameters, ...(isMapped(map) ? { features: { map, means, scales } } : {}) };
}

/** What predictions say of a target of two classes. */
export interface ClassPredictions {
  /** The two values of the target, [negative, positive]. A prediction is the probability of the second. */
  readonly classes: readonly [number, number];
  /** The likelier class of each prediction; the second at a probability of ½. */
  readonly predictedClasses: readonly number[];
}

/**
 * The classes that a model's predictions mean; undefined where predictions are in the target's unit themselves.
 * @throws TrainingError VT7301, VT7501
 */
export function classesOf(
  { family, parameters }: TrainedResult,
  predictions: ArrayLike<number>,
): ClassPredictions | undefined {
  const classes = familyOf(family).classes?.(parameters);
  if (classes === undefined) return undefined;
  const [negative, positive] = classes;
  const predictedClasses = Array.from(predictions, (prediction) => (prediction >= 0.5 ? positive : negative));
  return { classes, predictedClasses };
}

/**
 * What a family's predictions of these targets are worth; the first figure is the one that its training makes smaller.
 * @throws TrainingError VT7301; VT7014 for a target of two classes that is neither
 */
export function measurePredictions(
  { family, parameters }: TrainedResult,
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
): readonly ModelMetric[] {
  return familyOf(family).metrics(predictions, targets, parameters);
}

/** What a family's models predict. @throws TrainingError VT7301 */
export function taskOf(family: string): Task {
  return familyOf(family).task;
}

/**
 * The curves of a model of two classes on the rows of a table; undefined of a model that predicts numbers.
 * @throws as {@link predict}; VT7014 for a target of neither class
 */
export function evaluateClasses(table: Table, model: TrainedResult): ClassCurves | undefined {
  const classes = familyOf(model.family).classes?.(model.parameters);
  return classes && classCurves(predict(table, model), labelsOf(classes, table.targets));
}

/**
 * The figure that training makes smaller, on the rows of a table: the first of {@link evaluateModel}, at the cost of a
 * prediction. @throws as {@link evaluateModel}
 */
export function lossOf(table: Table, model: TrainedResult): ModelMetric {
  return familyOf(model.family).loss(predict(table, model), table.targets, model.parameters);
}

/** How well a model predicts the rows of a table. @throws as {@link predict} */
export function evaluateModel(table: Table, model: TrainedResult): readonly ModelMetric[] {
  return measurePredictions(model, predict(table, model), table.targets);
}
