import { z } from 'zod';
import { MAX_CLASSES, MAX_FEATURES } from '../../data/limits.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { logit } from '../logistic/softplus.js';
import { requireClasses } from './classes.js';
import { multiLogisticHeadSchema, type MultiLogisticHead } from './head.js';
import { setupLength } from './setup.js';

/** Features, an intercept behind them. */
const vector = z.array(z.number()).max(MAX_FEATURES + 1);
/** Features of each class, class by class. */
const block = z.array(z.number()).max(MAX_CLASSES * MAX_FEATURES);

/** One class against the rest. */
const standingSchema = z.strictObject({
  /** The model in standardised units: the weights, then the intercept. */
  weights: vector,
  /** The model that the last step started from. */
  before: vector,
  /** Longest next step, in root mean square of the log-odds. */
  radius: z.number().positive(),
});

/** What is remembered of a subset. */
const subsetSchema = z.strictObject({
  /** Its set-up reply. */
  setup: z.array(z.number()).max(setupLength(MAX_FEATURES, MAX_CLASSES)),
  /** Its newest reply of third moments, and the points that were asked about; null before there is one. */
  asked: z.strictObject({ points: block, thirds: block }).nullable(),
});

/** All that a model owner keeps between rounds. JSON in, JSON out, without loss; its size does not grow with rounds. */
export const multiLogisticStateSchema = z.strictObject({
  /** Of the program's head, as is the degree: a state says what is asked, and what the model predicts. */
  classes: multiLogisticHeadSchema.shape.classes,
  degree: multiLogisticHeadSchema.shape.degree,
  /** By class. */
  standings: z.array(standingSchema).max(MAX_CLASSES),
  /** By subset; null for one that was never used. */
  subsets: z.array(subsetSchema.nullable()),
});

/** See {@link multiLogisticStateSchema}. */
export type MultiLogisticState = z.infer<typeof multiLogisticStateSchema>;

/** What is remembered of one subset. */
export type SubsetMemory = z.infer<typeof subsetSchema>;

/** Weights 0, and every class as likely as the others: what is public of a dataset does not tell their shares. */
export function firstWeights(features: number, classes: number): number[] {
  return [...Array.from({ length: features }, () => 0), logit(1 / classes)];
}

/** @throws TrainingError VT7014 */
export function firstState(template: FamilyTemplate, head: MultiLogisticHead): MultiLogisticState {
  const { classes, degree, radius } = head;
  requireClasses(classes, template);
  const first = firstWeights(template.features, classes.length);
  return {
    classes,
    degree,
    standings: classes.map(() => ({ weights: first, before: first, radius })),
    subsets: template.subsetRows.map(() => null),
  };
}

/** Whether a state is of this template's sizes. */
export function hasSizes(
  { classes, standings, subsets }: MultiLogisticState,
  { features, subsetRows }: FamilyTemplate,
): boolean {
  const isVector = ({ length }: readonly number[]): boolean => length === features + 1;
  return (
    standings.length === classes.length &&
    standings.every(({ weights, before }) => isVector(weights) && isVector(before)) &&
    subsets.length === subsetRows.length &&
    subsets.every((memory) => memory === null || hasWidth(memory, features, classes.length))
  );
}

/** Whether a state says of its program what the program says. */
export function isOfHead({ classes, degree }: MultiLogisticState, head: MultiLogisticHead): boolean {
  return (
    degree === head.degree &&
    classes.length === head.classes.length &&
    classes.every((value, place) => value === head.classes[place])
  );
}

function hasWidth({ setup, asked }: SubsetMemory, features: number, classes: number): boolean {
  if (setup.length !== setupLength(features, classes)) return false;
  const width = features * classes;
  return asked === null || (asked.points.length === width && asked.thirds.length === width);
}
