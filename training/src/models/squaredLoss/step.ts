import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { addTo, dot, norm, pivotsOf, scaled, solveDefinite } from '../../optimisers/vectors.js';
import type { StepFigures, Stepped, SubsetReply } from '../family.js';
import { combined, directionsOf, vectorsOf, type Vectors } from './directions.js';
import { replyScale, type SquaredLoss } from './gradient.js';
import type { BlockState } from './state.js';

/** A residual shorter than this many times its noise says nothing more, nor does a curvature smaller than it. */
const TRUSTED = 4;

/** What a step is made of. */
export interface StepInput<State extends BlockState> {
  /** The state so far. */
  readonly state: State;
  /** The dataset. */
  readonly template: FamilyTemplate;
  /** What is made smaller. */
  readonly loss: SquaredLoss;
  /** Where vectors of no output begin: minus their gradient at zero, as many numbers as they have. Absent if there are none. */
  readonly starts?: readonly number[] | undefined;
}

/**
 * One step of block conjugate gradients (O'Leary 1980) on the whole table. All vectors share XᵀX, so each asks along its own
 * direction and takes its step in the directions of all. A query stays as it is until every subset has answered it, however few are
 * drawn in a round. The step is the minimum of the loss over the model and the directions: it never makes the model worse. Directions along
 * which the loss is flat but for noise, as those between columns that are alike, are left out of it.
 */
export function blockStep<State extends BlockState>(
  { state, template, loss, starts = [] }: StepInput<State>,
  replies: readonly SubsetReply[],
  noise: number,
): Stepped<State> {
  const scale = replyScale(loss, template.features + 1);
  const answered = withReplies(state, replies, scale);
  const total = totalOf(answered, template);
  if (total === undefined || replies.length === 0)
    return { state: answered, figures: figuresOf(answered, loss, 0) };
  const open = { ...answered, replies: answered.replies.map(() => null) };
  const flat = (TRUSTED * noise) / scale;
  const least = flat * Math.sqrt(template.features + 1);
  const next =
    state.origin === null || state.residual === null
      ? fromOrigin(open, total, starts, loss, least)
      : conjugateStep(open, total, { origin: state.origin, residual: state.residual }, loss, { least, flat });
  const step = norm(outputPart(addTo([...next.state.weights], -1, state.weights), loss));
  return {
    state: next.state,
    figures: { ...figuresOf(next.state, loss, step), stepRefused: next.isRefused },
  };
}

/**
 * What the model gains over weights of 0, without the penalty: half the mean squared error of all outputs. The gradient at zero and at
 * the model say it, since the loss is a quadratic: W·(H·W/2 + g₀), where H·W is what they differ by. Undefined before the whole table
 * has answered.
 */
export function squaredGain(
  { weights, origin, residual }: BlockState,
  loss: SquaredLoss,
): number | undefined {
  if (origin === null || residual === null) return undefined;
  const own = outputPart(weights, loss);
  const slope = outputPart(addTo([...origin], -1, residual), loss);
  return dot(own, slope) / 2 - (loss.lambda / 2) * dot(own, own);
}

/** What noise can make of a residual's length, and of a curvature. */
interface Noise {
  readonly least: number;
  readonly flat: number;
}

interface Moved<State> {
  readonly state: State;
  readonly isRefused: boolean;
}

function withReplies<State extends BlockState>(
  state: State,
  replies: readonly SubsetReply[],
  scale: number,
): State {
  const [known, used] = [[...state.replies], [...state.used]];
  for (const { subset, values } of replies) {
    known[subset] = scaled(1 / scale, values);
    used[subset] = true;
  }
  return { ...state, replies: known, used };
}

/** The gradient over the whole table at the query; undefined while a subset is missing. */
function totalOf({ replies, query }: BlockState, { rows, subsetRows }: FamilyTemplate): number[] | undefined {
  const total = query.map(() => 0);
  for (const [subset, reply] of replies.entries()) {
    if (reply === null) return undefined;
    addTo(total, subsetRows[subset]! / rows, reply);
  }
  return total;
}

function fromOrigin<State extends BlockState>(
  state: State,
  origin: number[],
  starts: readonly number[],
  { vectors }: SquaredLoss,
  least: number,
): Moved<State> {
  const residual = [...scaled(-1, origin).slice(0, origin.length - starts.length), ...starts];
  const query = queryOf(directionsOf(vectorsOf(residual, vectors), least), origin.length);
  return { state: { ...state, origin, residual, query }, isRefused: false };
}

function conjugateStep<State extends BlockState>(
  state: State,
  total: readonly number[],
  { origin, residual }: { readonly origin: number[]; readonly residual: number[] },
  { vectors: count, outputs }: SquaredLoss,
  { least, flat }: Noise,
): Moved<State> {
  const width = residual.length / count;
  const asked = vectorsOf(state.query, count);
  // Before the origin is taken off, a reply to a vector of zeros is the origin itself.
  const images = vectorsOf(addTo([...total], -1, origin), count);
  const rests = vectorsOf(residual, count);
  const used = curvedOf(asked, images, flat);
  if (used === undefined) {
    const query = queryOf(directionsOf(rests, least), residual.length);
    return { state: { ...state, query }, isRefused: true };
  }
  const directions = used.map((index) => asked[index] ?? []);
  const curved = used.map((index) => images[index] ?? []);
  const curvature = productsOf(directions, curved);
  const factors = rests.map((rest) => solved(curvature, directions, rest));
  let { gain } = state;
  const weights = vectorsOf(state.weights, count);
  factors.forEach((by, index) => {
    const rest = rests[index] ?? [];
    if (index < outputs)
      directions.forEach((direction, place) => (gain -= (by[place]! * dot(direction, rest)) / 2));
    addTo(weights[index] ?? [], 1, combined(by, directions, width));
    addTo(rest, -1, combined(by, curved, width));
  });
  const conjugate = rests.map((rest) =>
    addTo([...rest], -1, combined(solved(curvature, curved, rest), directions, width)),
  );
  const isOpen = rests.slice(0, outputs).some((rest) => norm(rest) > least);
  const query = queryOf(isOpen ? directionsOf(conjugate, least) : [], residual.length);
  return {
    state: { ...state, weights: weights.flat(), residual: rests.flat(), query, gain },
    isRefused: false,
  };
}

/**
 * Which directions were asked about and bend the loss by more than noise, each beside those before; undefined where one bends it down, or
 * none does at all: replies that no rows give, or too noisy ones.
 */
function curvedOf(asked: Vectors, images: Vectors, flat: number): number[] | undefined {
  const used = asked.flatMap((direction, index) => (norm(direction) > 0.5 ? [index] : []));
  const curvature = productsOf(
    used.map((index) => asked[index] ?? []),
    used.map((index) => images[index] ?? []),
  );
  const pivots = pivotsOf(curvature, used.length, flat);
  const curved = used.filter((_, place) => pivots[place]! > flat);
  const falls = pivots.some((pivot) => pivot < -flat);
  return falls || (curved.length === 0 && used.length > 0) ? undefined : curved;
}

/** The products of directions with their images, symmetric but for noise, made so. */
function productsOf(directions: Vectors, images: Vectors): number[] {
  return directions.flatMap((one, i) =>
    directions.map((other, j) => (dot(one, images[j] ?? []) + dot(other, images[i] ?? [])) / 2),
  );
}

/** The factors that make products of the vectors with `right` vanish; the curvature is definite, see {@link curvedOf}. */
function solved(curvature: readonly number[], vectors: Vectors, right: readonly number[]): number[] {
  const products = vectors.map((vector) => dot(vector, right));
  return solveDefinite(curvature, products) ?? [];
}

function queryOf(directions: Vectors, length: number): number[] {
  const query = directions.flat();
  return [...query, ...Array.from({ length: length - query.length }, () => 0)];
}

/** What of a block is of outputs. */
const outputPart = (block: readonly number[], { outputs, vectors }: SquaredLoss): number[] =>
  block.slice(0, (block.length / vectors) * outputs);

function figuresOf({ residual, gain }: BlockState, loss: SquaredLoss, step: number): StepFigures {
  const gradientNorm = residual === null ? 0 : norm(outputPart(residual, loss));
  return { gradientNorm, lossEstimate: gain, boundActive: false, stepRefused: false, step };
}
