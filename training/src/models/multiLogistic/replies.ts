import { LARGEST_COEFFICIENT } from '../../he/ckks/parameters.js';
import type { SubsetReply, SubsetShape } from '../family.js';
import { askedPoint, realUnit } from '../logistic/lift.js';
import { areMoments, contradicts, MARGIN } from '../logistic/replies.js';
import { boundedShape, partsOf, replyLength } from './map.js';
import { readSetup, setupLength, setupUnit, type MultiLogisticSetup } from './setup.js';
import type { MultiLogisticState } from './state.js';

/** The points at which hosts are asked, class by class. */
export function askedPoints({ standings }: Pick<MultiLogisticState, 'standings'>): number[][] {
  return standings.map(({ weights }) => askedPoint(weights.slice(0, -1)));
}

/** The answers to each class. */
export function answersOf(
  { degree, classes }: MultiLogisticState,
  { values }: SubsetReply,
): ReturnType<typeof partsOf>[] {
  const width = values.length / classes.length;
  return classes.map((_, place) => partsOf(values.slice(place * width, (place + 1) * width), degree));
}

/**
 * Why a reply cannot be used, or null. What the set-up foretells of it stands in every ciphertext.
 * @param noise largest error that is expected of an entry
 */
export function unusableReply(
  state: MultiLogisticState,
  reply: SubsetReply,
  { shape, noise }: { readonly shape: SubsetShape; readonly noise: number },
): string | null {
  const setup = state.subsets[reply.subset]?.setup ?? reply.setup;
  if (setup === undefined) return 'the subset has sent no moments yet';
  const { features } = shape;
  const classes = state.classes.length;
  const isWide = reply.values.length === classes * replyLength(features, state.degree);
  if (setup.length !== setupLength(features, classes) || !isWide) return 'it is of another width';
  const moments = readSetup(setup, shape, classes);
  const momentNoise = noise * setupUnit(shape);
  if (!areMoments(moments, momentNoise) || !areShares(moments, momentNoise))
    return 'its moments are not those of rows';
  const units = { unit: realUnit(boundedShape(shape), LARGEST_COEFFICIENT), noise, momentNoise };
  const points = askedPoints(state);
  const isOther = answersOf(state, reply).some(({ seconds }, place) =>
    contradicts(moments.second, points[place] ?? [], seconds, units),
  );
  return isOther ? 'it contradicts the moments that the subset sent before' : null;
}

/** No share is negative, and together they are no more than all rows. */
function areShares({ classes }: MultiLogisticSetup, noise: number): boolean {
  const slack = MARGIN * noise * classes.length;
  return (
    classes.every(({ share }) => share >= -slack) &&
    classes.reduce((sum, { share }) => sum + share, 0) <= 1 + slack
  );
}
