import { dot, largest, multiply, subtract } from '../../optimisers/vectors.js';
import type { SubsetReply, SubsetShape } from '../family.js';
import { askedPoint, realUnit } from './lift.js';
import { readSetup, setupLength, setupUnit, type SetupMoments } from './setup.js';
import type { LogisticState } from './state.js';

/** Errors are this many times the expected largest one before a reply is taken for forged. */
export const MARGIN = 8;
/** Rounding of sums in clear, as a part of them. */
const ROUNDING = 1e-9;

/**
 * Why a reply cannot be used, or null. Real parts are M₂·v, which the owner knows from the set-up reply: with imaginary
 * parts in use they are what shows that a reply is one.
 * @param noise largest error that is expected of an entry
 */
export function unusableReply(
  state: LogisticState,
  reply: SubsetReply,
  { shape, noise }: { shape: SubsetShape; noise: number },
): string | null {
  const setup = state.subsets[reply.subset]?.setup ?? reply.setup;
  if (setup === undefined) return 'the subset has sent no moments yet';
  const { features } = shape;
  if (setup.length !== setupLength(features) || !hasWidths(reply, features, state.degree))
    return 'it is of another width';
  const moments = readSetup(setup, shape);
  if (!areMoments(moments, noise)) return 'its moments are not those of rows';
  const point = askedPoint(state.weights.slice(0, -1));
  const units = { unit: realUnit(shape), noise, momentNoise: noise * setupUnit(shape) };
  return contradicts(moments.second, point, reply.values, units)
    ? 'it contradicts the moments that the subset sent before'
    : null;
}

/** How exact numbers are. */
interface Units {
  /** Of a reply's numbers. */
  readonly unit: number;
  /** Largest error that is expected of a reply's number, in that unit. */
  readonly noise: number;
  /** Largest error that is expected of a moment. */
  readonly momentNoise: number;
}

/** Whether what a subset replies for E x·(v·x) is another product than that of the second moments that it sent. */
export function contradicts(
  second: readonly number[],
  point: readonly number[],
  values: readonly number[],
  { unit, noise, momentNoise }: Units,
): boolean {
  const expected = multiply(second, point);
  const apart = largest(
    subtract(
      values.map((value) => value * unit),
      expected,
    ),
  );
  const sum = point.reduce((sofar, value) => sofar + Math.abs(value), 0);
  const allowed = MARGIN * (noise * unit + momentNoise * sum) + ROUNDING * largest(expected);
  return !(apart <= allowed);
}

function hasWidths({ values, imaginary }: SubsetReply, features: number, degree: number): boolean {
  return values.length === features && imaginary.length === (degree === 2 ? features : 0);
}

/** Diagonals of second moments are positive, and no mean exceeds its root mean square. */
export function areMoments(
  { second, means, imaginaryUnit }: Pick<SetupMoments, 'second' | 'means' | 'imaginaryUnit'>,
  noise: number,
): boolean {
  const size = means.length;
  const slack = MARGIN * noise + ROUNDING;
  const isFinite = Number.isFinite(imaginaryUnit) && Number.isFinite(dot(second, second));
  return isFinite && means.every((mean, i) => mean * mean <= second[i * size + i]! * (1 + slack) + 4 * slack);
}
