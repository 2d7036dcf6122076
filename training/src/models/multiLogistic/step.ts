import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { norm } from '../../optimisers/vectors.js';
import type { StepFigures, Stepped, SubsetReply, SubsetShape, Trained } from '../family.js';
import { mixtureOf, type ClassMixture } from '../logistic/classMixture.js';
import { LossEstimate, type WeightedSubset } from '../logistic/estimate.js';
import { figuresAt, improve } from '../logistic/improve.js';
import { isOneNew, knownSubsets, shapeOf, withReplies } from '../logistic/subsets.js';
import { skewOf } from '../logistic/thirdMoments.js';
import type { MultiLogisticHead } from './head.js';
import { manyMixtureOf, type ManyMixture } from './mixture.js';
import { answersOf, askedPoints, unusableReply } from './replies.js';
import { RestLoss } from './restLoss.js';
import { readSetup, setupUnit } from './setup.js';
import { firstWeights, type MultiLogisticState, type SubsetMemory } from './state.js';

/** The next state: each class takes its step against the rest, by the surrogate of a logistic model of two. */
export function multiLogisticStep(
  { head, template, state }: Trained<MultiLogisticHead, MultiLogisticState>,
  replies: readonly SubsetReply[],
  noise: number,
): Stepped<MultiLogisticState> {
  const learnt = learn(state, template, replies, noise);
  const estimates = estimatesOf(learnt, { head, template, noise });
  const first = firstWeights(template.features, head.classes.length);
  const each = state.standings.map((standing, place) => ({
    standing: { ...standing, first },
    estimate: estimates[place] ?? new LossEstimate([], first.length, head.lambda),
  }));
  if (replies.length === 0) {
    const figures = each.map(({ estimate, standing }) => figuresAt(estimate, standing, standing.weights));
    return { state, figures: together(figures) };
  }
  // A subset that was never asked before moves the estimates whatever the last steps were worth.
  const isNew = isOneNew(state.subsets, learnt.subsets);
  const taken = each.map(({ estimate, standing }) => improve(estimate, standing, isNew));
  return {
    state: { ...learnt, standings: taken.map(({ moved }) => moved) },
    figures: together(taken.map(({ figures }) => figures)),
  };
}

/** Of all classes: lengths over all their weights, losses added up. */
function together(figures: readonly StepFigures[]): StepFigures {
  return {
    gradientNorm: norm(figures.map(({ gradientNorm }) => gradientNorm)),
    lossEstimate: figures.reduce((sum, { lossEstimate }) => sum + lossEstimate, 0),
    boundActive: figures.some(({ boundActive }) => boundActive),
    stepRefused: figures.some(({ stepRefused }) => stepRefused),
    step: norm(figures.map(({ step }) => step)),
  };
}

/** The estimate of each class's loss. @param noise largest error that is expected of an entry of a reply */
function estimatesOf(
  { classes, subsets }: MultiLogisticState,
  { head, template, noise }: { head: MultiLogisticHead; template: FamilyTemplate; noise: number },
): LossEstimate[] {
  const byClass: WeightedSubset[][] = classes.map(() => []);
  for (const { memory, subset, share } of knownSubsets(subsets, template)) {
    const losses = lossesOf(memory, shapeOf(template, subset), { classes: classes.length, noise });
    losses.forEach((loss, place) => byClass[place]?.push({ ...loss, share }));
  }
  return byClass.map((losses) => new LossEstimate(losses, template.features + 1, head.lambda));
}

/** A subset's loss, of each class against the rest. */
function lossesOf(
  { setup, asked }: SubsetMemory,
  shape: SubsetShape,
  { classes, noise }: { readonly classes: number; readonly noise: number },
): Omit<WeightedSubset, 'share'>[] {
  const moments = readSetup(setup, shape, classes);
  const errors = { rows: shape.rows, noise: noise * setupUnit(shape) };
  const many = manyMixtureOf(moments, errors);
  const width = shape.features;
  return moments.classes.map(({ share, products }, place) => {
    const labelled = labelledFor(many, place);
    const { second, means, imaginaryUnit } = moments;
    const own = { second, means, products, target: share, imaginaryUnit };
    const pair = mixtureOf(own, { ...errors, units: { share: 0, scale: 1 } });
    const [start, end] = [place * width, (place + 1) * width];
    const skew =
      asked === null
        ? undefined
        : skewOf(labelled, { point: asked.points.slice(start, end), thirds: asked.thirds.slice(start, end) });
    return { loss: new RestLoss(labelled, pair, skew), second: many.second };
  });
}

/** A mixture as one class sees it. */
function labelledFor({ parts, within, second }: ManyMixture, place: number): ClassMixture {
  const labelled = parts.map(({ share, mean, place: own }) => {
    const label: 0 | 1 = own === place ? 1 : 0;
    return { share, mean, label };
  });
  return { parts: labelled, within, second };
}

/** The state with what the replies say. */
function learn(
  state: MultiLogisticState,
  template: FamilyTemplate,
  replies: readonly SubsetReply[],
  noise: number,
): MultiLogisticState {
  const subsets = withReplies(state.subsets, replies, {
    isUsable: (reply) =>
      unusableReply(state, reply, { shape: shapeOf(template, reply.subset), noise }) === null,
    asked: (reply, setup) => askedOf(state, reply, setup, shapeOf(template, reply.subset)),
  });
  return { ...state, subsets };
}

function askedOf(
  state: MultiLogisticState,
  reply: SubsetReply,
  setup: readonly number[],
  shape: SubsetShape,
): SubsetMemory['asked'] {
  const points = askedPoints(state).flat();
  // The first model has no weights: a reply to it says nothing.
  if (state.degree === 1 || norm(points) === 0) return null;
  const unit = readSetup(setup, shape, state.classes.length).imaginaryUnit;
  const thirds = answersOf(state, reply).flatMap((answer) => answer.thirds);
  return { points, thirds: thirds.map((value) => value * unit + 0) };
}
