import type { SubsetMemory } from './state.js';
import { exploredDirections, type Explored } from './exploration.js';
import { addOuter, addTo, dot, scaled, scaledIdentity } from './vectors.js';

/** A subset's loss as its replies tell it: gradient + curvature·(w − point) at w. */
export interface Quadratic {
  readonly point: readonly number[];
  readonly gradient: readonly number[];
  /** features × features, row-major, symmetric and positive definite. */
  readonly curvature: readonly number[];
}

/** A direction is learnt where the points lie this many times a gradient's noise apart: its curvature is then known to 2^-8. */
const LEAST_LENGTH = 2 ** 9;

/**
 * The quadratic that explains all remembered replies of a subset at once: block BFGS (Gao and Goldfarb 2018). In the
 * directions that they span it is the subset's own loss, off by the noise; in all others it has the curvature that
 * was assumed, and says nothing.
 *
 * Noise may make a flat direction look bent downwards. So every direction is taken for bent by at least what the noise of
 * two gradients can feign: steps along a direction of which nothing is known but noise stay short.
 *
 * @param initialCurvature curvature assumed where nothing is known
 * @param noise largest error of an entry of a gradient
 */
export function quadraticOf(memory: SubsetMemory, initialCurvature: number, noise: number): Quadratic {
  const [newest] = memory.replies;
  if (newest === undefined) throw new RangeError('a subset without replies');
  const known = exploredDirections(memory.replies).filter(({ length }) => length >= LEAST_LENGTH * noise);
  const curvature = scaledIdentity(newest.point.length, initialCurvature);
  const seen: Pick<Explored, 'direction' | 'image'>[] = [];
  const parts: number[][] = [];
  for (const { direction, image, length } of known) {
    // Of the two images that tell how two directions go together, the one seen from further apart is the more exact.
    const symmetric = [...image];
    for (const wider of seen)
      addTo(symmetric, dot(direction, wider.image) - dot(wider.direction, symmetric), wider.direction);
    seen.push({ direction, image: symmetric });
    const rest = [...symmetric];
    for (const part of parts) addTo(rest, -dot(part, direction), part);
    const along = dot(rest, direction);
    const pivot = Math.max(along, 0) + (2 * noise) / length;
    parts.push(scaled(1 / Math.sqrt(pivot), addTo(rest, pivot - along, direction)));
    addOuter(curvature, -initialCurvature, direction);
  }
  for (const part of parts) addOuter(curvature, 1, part);
  return { point: newest.point, gradient: newest.gradient, curvature };
}
