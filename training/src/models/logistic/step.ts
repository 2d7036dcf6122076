import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { norm } from '../../optimisers/vectors.js';
import type { Stepped, SubsetReply, SubsetShape, Trained } from '../family.js';
import { labelUnits, mixtureOf } from './classMixture.js';
import { LossEstimate, type WeightedSubset } from './estimate.js';
import type { LogisticHead } from './head.js';
import { figuresAt, improve } from './improve.js';
import { askedPoint } from './lift.js';
import { unusableReply } from './replies.js';
import { readSetup, setupUnit } from './setup.js';
import type { LogisticState, SubsetMemory } from './state.js';
import { SubsetLoss } from './subsetLoss.js';
import { isOneNew, knownSubsets, shapeOf, withReplies } from './subsets.js';
import { skewOf } from './thirdMoments.js';

/** The next state: the estimate from all replies so far, and its minimum within the radius of the best model known. */
export function logisticStep(
  { head, template, state }: Trained<LogisticHead, LogisticState>,
  replies: readonly SubsetReply[],
  noise: number,
): Stepped<LogisticState> {
  const learnt = learn(state, template, replies, noise);
  const estimate = estimateOf(learnt, { head, template, noise });
  if (replies.length === 0) return { state, figures: figuresAt(estimate, state, state.weights) };
  // A subset that was never asked before moves the estimate whatever the last step was worth.
  const { moved, figures } = improve(estimate, state, isOneNew(state.subsets, learnt.subsets));
  return { state: { ...learnt, ...moved }, figures };
}

/** The estimate of a state. @param noise largest error that is expected of an entry of a reply */
export function estimateOf(
  state: LogisticState,
  { head, template, noise }: { head: LogisticHead; template: FamilyTemplate; noise: number },
): LossEstimate {
  const units = labelUnits(state.classes, template.statistics);
  const subsets = knownSubsets(state.subsets, template).map(({ memory, subset, share }): WeightedSubset => {
    const shape = shapeOf(template, subset);
    const moments = readSetup(memory.setup, shape);
    const mixture = mixtureOf(moments, { units, rows: shape.rows, noise: noise * setupUnit(shape) });
    const skew = memory.asked === null ? undefined : skewOf(mixture, memory.asked);
    return { share, loss: new SubsetLoss(mixture, skew), second: mixture.second };
  });
  return new LossEstimate(subsets, template.features + 1, head.lambda);
}

/** The state with what the replies say. */
function learn(
  state: LogisticState,
  template: FamilyTemplate,
  replies: readonly SubsetReply[],
  noise: number,
): LogisticState {
  const subsets = withReplies(state.subsets, replies, {
    isUsable: (reply) =>
      unusableReply(state, reply, { shape: shapeOf(template, reply.subset), noise }) === null,
    asked: (reply, setup) => askedOf(state, reply, setup, shapeOf(template, reply.subset)),
  });
  return { ...state, subsets };
}

function askedOf(
  { weights }: LogisticState,
  { imaginary }: SubsetReply,
  setup: readonly number[],
  shape: SubsetShape,
): SubsetMemory['asked'] {
  const point = askedPoint(weights.slice(0, -1));
  // The first model has no weights: a reply to it says nothing.
  if (imaginary.length === 0 || norm(point) === 0) return null;
  const unit = readSetup(setup, shape).imaginaryUnit;
  return { point, thirds: imaginary.map((value) => value * unit + 0) };
}
