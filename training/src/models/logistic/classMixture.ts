import type { Template } from '../../data/template.js';
import { addOuter, addScaled, addTo, scaled } from '../../optimisers/vectors.js';
import type { Classes } from './classes.js';
import type { SetupMoments } from './setup.js';

/** The rows of one class in a subset. */
interface ClassPart {
  /** Of the subset's rows. */
  readonly share: number;
  readonly label: 0 | 1;
  /** Mean of x; behind it 1, which the intercept multiplies. */
  readonly mean: readonly number[];
}

/**
 * A subset as the model owner pictures it: rows are normal within each class, around the means of their class, with one
 * covariance for both. It has the subset's class shares, class means and second moments.
 */
export interface ClassMixture {
  /** One entry where a class has no row in the subset. */
  readonly parts: readonly ClassPart[];
  /** Covariance within classes, bordered by zeros for the intercept: (features + 1)², row-major. */
  readonly within: readonly number[];
  /** E x·xᵀ with a 1 behind x: (features + 1)², row-major. */
  readonly second: readonly number[];
}

/** What turns standardised targets into labels: label = scale·target + share. */
export interface LabelUnits {
  /** Share of the positive class in the whole table. */
  readonly share: number;
  /** Of the target in the units of labels, 0 and 1. */
  readonly scale: number;
}

export function labelUnits(
  [negative, positive]: Classes,
  { targetMean, targetScale }: Template['statistics'],
): LabelUnits {
  const width = positive - negative;
  return { share: (targetMean - negative) / width, scale: targetScale / width };
}

/**
 * The mixture of a subset.
 * @param noise largest error of a moment; the covariance is widened by what makes it positive semidefinite for all of that
 */
export function mixtureOf(
  moments: SetupMoments,
  { units, rows, noise }: { units: LabelUnits; rows: number; noise: number },
): ClassMixture {
  const size = moments.means.length + 1;
  const mean = [...moments.means, 1];
  // E label·x, from E y·x of standardised targets y.
  const products = addScaled(scaled(units.share, mean), units.scale, [...moments.products, moments.target]);
  const parts = partsOf(mean, products, rows);
  const second = bordered(moments);
  const within = [...second];
  for (const part of parts) addOuter(within, -part.share, part.mean);
  for (let i = 0; i < size; i++) {
    const last = i === size - 1;
    within[i * size + i] = last ? 0 : within[i * size + i]! + size * noise;
    within[i * size + size - 1] = 0;
    within[(size - 1) * size + i] = 0;
  }
  return { parts, within, second };
}

/** A class with less than half a row has none: its mean would be noise. */
function partsOf(mean: readonly number[], products: readonly number[], rows: number): ClassPart[] {
  const share = products[products.length - 1]!;
  const isMissing = (part: number): boolean => part * rows < 0.5;
  if (isMissing(share)) return [{ share: 1, label: 0, mean }];
  if (isMissing(1 - share)) return [{ share: 1, label: 1, mean }];
  const others = addTo([...mean], -1, products);
  return [
    { share, label: 1, mean: [...scaled(1 / share, products).slice(0, -1), 1] },
    { share: 1 - share, label: 0, mean: [...scaled(1 / (1 - share), others).slice(0, -1), 1] },
  ];
}

/** E x·xᵀ with a 1 behind x. */
export function bordered({ second, means }: Pick<SetupMoments, 'second' | 'means'>): number[] {
  const size = means.length + 1;
  const x = [...means, 1];
  return Array.from({ length: size * size }, (_, place) => {
    const i = Math.floor(place / size);
    const j = place % size;
    return Math.max(i, j) === size - 1 ? x[Math.min(i, j)]! : second[i * (size - 1) + j]!;
  });
}
