import type { SubsetMemory } from '../trainer/state.js';
import { addScaled, dot, multiply, norm, subtract } from './vectors.js';

/** Steps shorter than this say more about noise than about curvature. */
const LEAST_STEP = 2 ** -9;
/** Curvature along a step below this fraction of it is taken for flat, and not learnt. */
const LEAST_CURVATURE = 1e-4;

/** A subset's new gradient at a point, and what it tells about the subset's curvature together with the last one. */
export function remember(
  last: SubsetMemory | null,
  point: readonly number[],
  gradient: readonly number[],
  initialCurvature: number | undefined,
): SubsetMemory {
  const fresh = { point: [...point], gradient: [...gradient] };
  if (last === null) return { ...fresh, curvature: [], smoothness: 0 };
  const step = subtract(point, last.point);
  const change = subtract(gradient, last.gradient);
  if (norm(step) < LEAST_STEP) return { ...last, ...fresh };
  const smoothness = Math.max(last.smoothness, norm(change) / norm(step));
  if (initialCurvature === undefined) return { ...fresh, curvature: [], smoothness };
  const known = last.curvature.length > 0 ? last.curvature : scaledIdentity(point.length, initialCurvature);
  return { ...fresh, curvature: updateCurvature(known, step, change), smoothness };
}

/** BFGS: the curvature matrix that explains the last step, close to the one before, and stays positive definite. */
function updateCurvature(
  matrix: readonly number[],
  step: readonly number[],
  change: readonly number[],
): number[] {
  const along = dot(change, step);
  if (along <= LEAST_CURVATURE * dot(step, step)) return [...matrix];
  const explained = multiply(matrix, step);
  const explainedAlong = dot(step, explained);
  const size = step.length;
  return matrix.map((entry, place) => {
    const i = Math.floor(place / size);
    const j = place % size;
    const gained = ((change[i] ?? 0) * (change[j] ?? 0)) / along;
    const lost = ((explained[i] ?? 0) * (explained[j] ?? 0)) / explainedAlong;
    return entry + gained - lost + 0;
  });
}

/** factor·I, row-major. */
export function scaledIdentity(size: number, factor: number): number[] {
  return Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? factor : 0));
}

/** A subset that was used, with its weight in sums. */
export interface WeightedMemory {
  readonly weight: number;
  readonly memory: SubsetMemory;
}

/** The subsets that were used so far; weights are their rows over all their rows. */
export function usedSubsets(
  memory: readonly (SubsetMemory | null)[],
  subsetRows: readonly number[],
): WeightedMemory[] {
  const used = memory.flatMap((entry, subset) =>
    entry === null ? [] : [{ entry, rows: subsetRows[subset] ?? 0 }],
  );
  const total = used.reduce((sum, { rows }) => sum + rows, 0);
  return used.map(({ entry, rows }) => ({ weight: rows / total, memory: entry }));
}

/** Σ weight·gradient over the remembered gradients. */
export function rememberedGradient(used: readonly WeightedMemory[], features: number): number[] {
  const zero = Array.from({ length: features }, () => 0);
  return used.reduce((sum, { weight, memory }) => addScaled(sum, weight, memory.gradient), zero);
}
