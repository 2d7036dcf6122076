import { stepSize } from '../models/linear/stepSize.js';
import { readSetup as readLogisticSetup } from '../models/logistic/setup.js';
import { readSetup as readClassSetup } from '../models/multiLogistic/setup.js';
import type { FamilyName } from '../models/registry.js';
import { replyScale } from '../models/squaredLoss/gradient.js';
import { ridgeLoss } from '../models/ridge/loss.js';
import { scaled, subtract } from '../optimisers/vectors.js';
import type { TrainingProgram } from '../program.js';
import type { CuriousOwner } from './curiousOwner.js';
import type { Prepared } from './fixtures.js';

/** Sums over the standardised rows of a subset, or of a batch. */
export interface Moments {
  /** Feature by feature, its sums with each. */
  readonly products: readonly (readonly number[])[];
  /** The target's sums with each feature; one list for each class where there are several. */
  readonly withTarget: readonly (readonly number[])[];
}

/** What is asked, and of whom. */
export interface Question {
  readonly prepared: Prepared;
  readonly program: TrainingProgram;
  readonly owner: CuriousOwner;
  /** Subsets whose replies are added up. */
  readonly subsets: readonly number[];
}

type Reading = (question: Question) => Promise<Moments>;

const unit = (length: number, place: number): number[] =>
  Array.from({ length }, (_, other) => Number(other === place));

const rowsOf = ({ prepared, subsets }: Question): number =>
  subsets.reduce((sum, subset) => sum + prepared.template.subsetRows[subset]!, 0);

const inRows = (list: readonly number[], length: number): number[][] =>
  Array.from({ length: list.length / length }, (_, row) => list.slice(row * length, (row + 1) * length));

/** A step away from 0, and from each unit vector. */
const ofSteps: Reading = async (question) => {
  const { owner, program, prepared, subsets } = question;
  const { features, rows: totalRows } = prepared.template;
  const rows = rowsOf(question);
  const step = stepSize(program.head as Parameters<typeof stepSize>[0], { features, rows, totalRows });
  const reply = async (weights: readonly number[]): Promise<number[]> =>
    Array.from((await owner.ask(weights, subsets)).values);
  const offset = await reply([]);
  const products: number[][] = [];
  for (const place of offset.keys()) {
    const asked = unit(features, place);
    const moved = subtract(asked, subtract(await reply(asked), offset));
    products.push(scaled(rows / step, moved));
  }
  return { products, withTarget: [scaled(rows / step, offset)] };
};

/** Gradients at 0, and along as many unit vectors at a time as a query has vectors. */
const ofGradients =
  (largestOutput: number, outputs: number): Reading =>
  async (question) => {
    const { owner, subsets, prepared } = question;
    const { features } = prepared.template;
    const { inputs, vectors = 1 } = owner.shape;
    const factor = rowsOf(question) / replyScale({ lambda: 0, largestOutput }, inputs);
    const reply = async (asked: readonly number[]): Promise<number[][]> =>
      inRows(Array.from((await owner.ask(asked, subsets)).values), inputs);
    const offsets = await reply([]);
    const products: number[][] = [];
    for (let place = 0; place < features; place += vectors) {
      const asked = Array.from({ length: Math.min(vectors, features - place) }, (_, vector) =>
        unit(inputs, place + vector),
      );
      const replies = await reply(asked.flat());
      for (const vector of asked.keys())
        products.push(scaled(factor, subtract(replies[vector]!, offsets[vector]!)).slice(0, features));
    }
    const withTarget = offsets.slice(0, outputs).map((offset) => scaled(-factor, offset).slice(0, features));
    return { products, withTarget };
  };

/** The set-up says them all, to any vector. */
const ofSetup: Reading = async (question) => {
  const { owner, prepared, program, subsets } = question;
  const { features, rows: totalRows } = prepared.template;
  const rows = rowsOf(question);
  const { setup } = await owner.ask([], subsets);
  const shape = { features, rows, totalRows };
  const numbers = setup!.numbers;
  const classes = program.family === 'multiLogistic' ? readClassSetup(numbers, shape, 4) : undefined;
  const { second, products } = classes
    ? { second: classes.second, products: classes.classes.map((each) => each.products) }
    : { ...readLogisticSetup(numbers, shape), products: [readLogisticSetup(numbers, shape).products] };
  return {
    products: inRows(scaled(rows, second), features),
    withTarget: products.map((list) => scaled(rows, list)),
  };
};

const readings: Readonly<Record<FamilyName, Reading>> = {
  linear: ofSteps,
  ridge: ofGradients(ridgeLoss({ lambda: 0 }, 1).largestOutput, 1),
  ridgeClassifier: ofGradients(1, 4),
  logistic: ofSetup,
  multiLogistic: ofSetup,
};

/** From replies to vectors of its choice: second moments, as exactly as replies decrypt. */
export function momentsFromReplies(question: Question): Promise<Moments> {
  return readings[question.program.family as FamilyName](question);
}
