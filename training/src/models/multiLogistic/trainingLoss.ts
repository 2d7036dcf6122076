import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { addTo, dot, multiply } from '../../optimisers/vectors.js';
import type { TrainingLoss } from '../family.js';
import { softplus } from '../logistic/softplus.js';
import { knownSubsets, shapeOf } from '../logistic/subsets.js';
import { manyMixtureOf, type ManyMixture } from './mixture.js';
import { readSetup, setupUnit } from './setup.js';
import type { MultiLogisticState } from './state.js';

/** Points of the normal law, half of them the mirror images of the others. */
const POINTS = 256;

/**
 * The mean log-loss of a model's probabilities over the rows of the subsets used so far, in nats. Training makes the losses of each
 * class against the rest smaller, which do not say it. Rows are taken for normal within each class of a subset, and so are their
 * log-odds; the mean over that law is one over fixed points.
 * @param noise largest error that is expected of an entry of a reply
 */
export function classLogLoss(
  { standings, subsets, classes }: MultiLogisticState,
  template: FamilyTemplate,
  noise: number,
): TrainingLoss {
  const known = knownSubsets(subsets, template);
  if (known.length === 0) return { metrics: [], subsets: [] };
  const models = standings.map(({ weights }) => weights);
  const points = normalPoints(models.length);
  let value = 0;
  for (const { memory, subset, share } of known) {
    const shape = shapeOf(template, subset);
    const setup = readSetup(memory.setup, shape, classes.length);
    const mixture = manyMixtureOf(setup, { rows: shape.rows, noise: noise * setupUnit(shape) });
    value += share * mixtureLoss(models, mixture, points);
  }
  return { metrics: [{ name: 'logLoss', value }], subsets: known.map(({ subset }) => subset) };
}

type Vectors = readonly (readonly number[])[];

function mixtureLoss(models: Vectors, { parts, within }: ManyMixture, points: Vectors): number {
  const images = models.map((weights) => multiply(within, weights));
  const root = rootOf(models.map((weights) => images.map((image) => dot(weights, image))));
  const spreads = points.map((point) => root.map((row) => dot(row, point)));
  let loss = 0;
  for (const { place, share, mean } of parts) {
    if (place < 0) continue;
    const centre = models.map((weights) => dot(weights, mean));
    for (const spread of spreads)
      loss += (share / points.length) * rowLoss(addTo([...spread], 1, centre), place);
  }
  return loss;
}

/** −log of the probability of a class: its own by log-odds, divided by the sum of all classes'. */
function rowLoss(logOdds: readonly number[], place: number): number {
  const logs = logOdds.map((z) => -softplus(-z));
  const most = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
  return most + Math.log(sum) - logs[place]!;
}

/** L with L·Lᵀ = the matrix (Cholesky). Directions without variance but for rounding get none. */
function rootOf(matrix: Vectors): number[][] {
  const root = matrix.map((row) => row.map(() => 0));
  for (const [j, pivots] of root.entries()) {
    const column = matrix.map((row) => row[j]!);
    const whole = column[j]!;
    const rest = whole - dot(pivots, pivots);
    const pivot = Math.sqrt(rest);
    if (!(rest > 1e-12 * whole)) continue;
    const below = root.slice(j + 1);
    below.forEach((row, index) => (row[j] = (column[j + 1 + index]! - dot(row, pivots)) / pivot));
    pivots[j] = pivot;
  }
  return root;
}

/**
 * Points that fill the standard normal law evenly, the same every time: the additive sequence of the generalised golden ratio
 * (Roberts 2018), two coordinates at a time made normal (Box and Muller 1958).
 */
function normalPoints(dimensions: number): number[][] {
  const size = dimensions + (dimensions % 2);
  let ratio = 2;
  for (let pass = 0; pass < 64; pass++) ratio = (1 + ratio) ** (1 / (size + 1));
  return Array.from({ length: POINTS / 2 }, (_, index) => {
    const uniform = Array.from({ length: size }, (__, j) => (0.5 + (index + 1) / ratio ** (j + 1)) % 1);
    const point = uniform.map((_u, j) => {
      const pair = j - (j % 2);
      const length = Math.sqrt(-2 * Math.log(1 - uniform[pair]!));
      const angle = 2 * Math.PI * uniform[pair + 1]!;
      return length * (j === pair ? Math.cos(angle) : Math.sin(angle));
    });
    return point.slice(0, dimensions);
  }).flatMap((point) => [point, point.map((value) => -value)]);
}
