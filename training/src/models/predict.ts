import type { Table } from '../data/table.js';
import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { mappedWidth, isMapped, mappedTemplate, rowMapper } from '../maps/mappedRows.js';
import { mapUseOf, type TrainingProgram } from '../program.js';
import { labelsOf } from './classLabels.js';
import { classCurves, type ClassCurves } from './classificationCurves.js';
import type { Task } from './family.js';
import { familyOf } from './registry.js';
import type { ModelMetric, ModelParameters, TrainedResult } from './result.js';
import {
  classRocs,
  confusionOf,
  figuresOf,
  likeliestCalibration,
  placesOf,
  type SeveralClasses,
} from './severalClasses.js';

/** Rows of a table, in its units. */
type Rows = Pick<Table, 'values' | 'rows' | 'features'>;

/**
 * Predictions, one per row, in the target's unit.
 * @throws TrainingError VT7301 for a family that is not there, VT7501 where the table's width is another
 */
export function predict(
  table: Pick<Table, 'values' | 'rows' | 'features'>,
  model: TrainedResult,
): Float64Array {
  return Float64Array.from(eachRow(table, model, familyOf(model.family).predictor));
}

/** What a model of several classes gives the rows of a table. */
export interface ClassProbabilities {
  /** Values of the target, one for each class. */
  readonly classes: readonly number[];
  /** One for each class, in their order, row by row; those of a row add up to 1. */
  readonly probabilities: Float64Array;
}

/**
 * The probability of each class, row by row, of a model of several classes that gives them; undefined of others.
 * @throws as {@link predict}
 */
export function classProbabilities(
  table: Pick<Table, 'values' | 'rows' | 'features'>,
  model: TrainedResult,
): ClassProbabilities | undefined {
  const { probabilities: scorer, severalClasses } = familyOf(model.family);
  const classes = severalClasses?.(model.parameters);
  if (scorer === undefined || classes === undefined) return undefined;
  return { classes, probabilities: Float64Array.from(eachRow(table, model, scorer).flat()) };
}

/** What something makes of the features of each row. */
function eachRow<Said>(
  { values, rows, features: columns }: Rows,
  { parameters, features: mapped, family }: TrainedResult,
  opened: (parameters: ModelParameters, features: number) => (row: ArrayLike<number>) => Said,
): Said[] {
  const rowAt = (row: number): Float64Array => values.subarray(row * columns, (row + 1) * columns);
  if (mapped === undefined) {
    const say = opened(parameters, columns);
    return Array.from({ length: rows }, (_, row) => say(rowAt(row)));
  }
  const { map, means, scales } = mapped;
  if (means.length !== columns || scales.length !== columns) {
    const what = `a model of ${means.length} columns does not fit ${columns}`;
    throw new TrainingError('VT7501', what, { columns, found: means.length });
  }
  const use = { map, hasOnes: familyOf(family).wantsOnes };
  const features = new Float64Array(mappedWidth(use, columns));
  const mapRow = rowMapper(use, columns, { means, scales });
  const say = opened(parameters, features.length);
  return Array.from({ length: rows }, (_, row) => {
    mapRow(
      rowAt(row).map((value, column) => (value - means[column]!) / scales[column]!),
      features,
    );
    return say(features);
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
 * What a model of several classes makes of the rows of a table, class by class; undefined of others.
 * @throws as {@link predict}; VT7014 for a target that is none of its classes
 */
export function evaluateSeveralClasses(
  table: Pick<Table, 'values' | 'rows' | 'features' | 'targets'>,
  model: TrainedResult,
): SeveralClasses | undefined {
  const classes = familyOf(model.family).severalClasses?.(model.parameters);
  if (classes === undefined) return undefined;
  const places = placesOf(classes, table.targets);
  const predicted = Int32Array.from(predict(table, model), (value) => classes.indexOf(value));
  const confusion = confusionOf(predicted, places, classes.length);
  const { probabilities } = classProbabilities(table, model) ?? {};
  return {
    classes,
    confusion,
    figures: figuresOf(confusion, places, probabilities),
    calibration: probabilities ? likeliestCalibration(probabilities, places, classes.length) : null,
    roc: probabilities ? classRocs(probabilities, places, classes.length) : null,
  };
}

/** What a family's figures are made of. */
const measured = (table: Rows, model: TrainedResult): Float64Array =>
  classProbabilities(table, model)?.probabilities ?? predict(table, model);

/**
 * The figure that training makes smaller, on the rows of a table: the first of {@link evaluateModel}, at the cost of a
 * prediction. @throws as {@link evaluateModel}
 */
export function lossOf(
  table: Pick<Table, 'values' | 'rows' | 'features' | 'targets'>,
  model: TrainedResult,
): ModelMetric {
  return familyOf(model.family).loss(measured(table, model), table.targets, model.parameters);
}

/**
 * How well a model predicts the rows of a table; the first figure is the one that its training makes smaller.
 * @throws as {@link predict}; VT7014 for a target that is none of a classifier's classes
 */
export function evaluateModel(
  table: Pick<Table, 'values' | 'rows' | 'features' | 'targets'>,
  model: TrainedResult,
): readonly ModelMetric[] {
  return familyOf(model.family).metrics(measured(table, model), table.targets, model.parameters);
}
