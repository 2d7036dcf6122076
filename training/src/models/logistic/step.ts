import type { Template } from '../../data/template.js';
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
  const isNew = learnt.subsets.some((memory, subset) => memory !== null && state.subsets[subset] === null);
  const { moved, figures } = improve(estimate, state, isNew);
  return { state: { ...learnt, ...moved }, figures };
}

/** The estimate of a state. @param noise largest error that is expected of an entry of a reply */
export function estimateOf(
  state: LogisticState,
  { head, template, noise }: { head: LogisticHead; template: Template; noise: number },
): LossEstimate {
  const units = labelUnits(state.classes, template.statistics);
  const known = state.subsets.flatMap((memory, subset) => (memory === null ? [] : [{ memory, subset }]));
  const rowsOf = (subset: number): number => template.subsetRows[subset] ?? 0;
  const total = known.reduce((sum, { subset }) => sum + rowsOf(subset), 0);
  const subsets = known.map(({ memory, subset }): WeightedSubset => {
    const rows = rowsOf(subset);
    const shape = shapeOf(template, subset);
    const moments = readSetup(memory.setup, shape);
    const mixture = mixtureOf(moments, { units, rows, noise: noise * setupUnit(shape) });
    const skew = memory.asked === null ? undefined : skewOf(mixture, memory.asked);
    return { share: rows / total, loss: new SubsetLoss(mixture, skew), second: mixture.second };
  });
  return new LossEstimate(subsets, template.features + 1, head.lambda);
}

/** The state with what the replies say. */
function learn(
  state: LogisticState,
  template: Template,
  replies: readonly SubsetReply[],
  noise: number,
): LogisticState {
  const subsets = [...state.subsets];
  for (const reply of replies) {
    const { subset } = reply;
    const known = subsets[subset] ?? null;
    const shape = shapeOf(template, subset);
    if (unusableReply(state, reply, { shape, noise }) !== null) continue;
    // The + 0 leaves no negative zero, which JSON would lose.
    const setup = known?.setup ?? (reply.setup ?? []).map((value) => value + 0);
    subsets[subset] = { setup, asked: askedOf(state, reply, setup, shape) ?? known?.asked ?? null };
  }
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

/** What is public of a subset. */
export function shapeOf({ features, rows, subsetRows }: Template, subset: number): SubsetShape {
  return { features, rows: subsetRows[subset] ?? 1, totalRows: rows };
}
