import { z } from 'zod';
import type { Template } from '../../data/template.js';
import { positiveShare } from './classes.js';
import { logisticHeadSchema, type LogisticHead } from './head.js';
import { setupLength } from './setup.js';
import { logit } from './softplus.js';

/** Features, an intercept behind them. */
const vector = z.array(z.number()).max(33);

/** What is remembered of a subset. */
const subsetSchema = z.strictObject({
  /** Its set-up reply. */
  setup: z.array(z.number()).max(setupLength(32)),
  /** Its newest reply of third moments, and the point that was asked about; null before there is one. */
  asked: z.strictObject({ point: vector, thirds: vector }).nullable(),
});

/** All that a model owner keeps between rounds. JSON in, JSON out, without loss; its size does not grow with rounds. */
export const logisticStateSchema = z.strictObject({
  /** Of the program's head, as is the degree: a state says what is asked, and what the model predicts. */
  classes: logisticHeadSchema.shape.classes,
  degree: logisticHeadSchema.shape.degree,
  /** The model in standardised units: the weights, then the intercept. */
  weights: vector,
  /** The model that the last step started from. */
  before: vector,
  /** The first model: the share of the classes, whatever the features. */
  first: vector,
  /** Longest next step, in root mean square of the log-odds. */
  radius: z.number().positive(),
  /** By subset; null for one that was never used. */
  subsets: z.array(subsetSchema.nullable()),
});

/** See {@link logisticStateSchema}. */
export type LogisticState = z.infer<typeof logisticStateSchema>;

/** What is remembered of one subset. */
export type SubsetMemory = z.infer<typeof subsetSchema>;

/** Weights 0; the intercept says the share of the classes. @throws TrainingError VT7014 */
export function firstLogisticState(template: Template, head: LogisticHead): LogisticState {
  const { classes, degree, radius } = head;
  const first = [
    ...Array.from({ length: template.features }, () => 0),
    logit(positiveShare(classes, template)),
  ];
  return {
    classes,
    degree,
    weights: first,
    before: first,
    first,
    radius,
    subsets: template.subsetRows.map(() => null),
  };
}

/** Whether a state is of this template's sizes. */
export function hasSizes(state: LogisticState, { features, subsetRows }: Template): boolean {
  return (
    [state.weights, state.before, state.first].every(({ length }) => length === features + 1) &&
    state.subsets.length === subsetRows.length &&
    state.subsets.every((memory) => memory === null || hasWidth(memory, features))
  );
}

/** Whether a state says of its program what the program says. */
export function isOfHead({ classes, degree }: LogisticState, head: LogisticHead): boolean {
  return degree === head.degree && classes.every((value, place) => value === head.classes[place]);
}

function hasWidth({ setup, asked }: SubsetMemory, features: number): boolean {
  if (setup.length !== setupLength(features)) return false;
  return asked === null || (asked.point.length === features && asked.thirds.length === features);
}
