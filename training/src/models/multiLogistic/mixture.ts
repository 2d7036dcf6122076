import { addOuter, addTo, scaled } from '../../optimisers/vectors.js';
import { bordered, type ClassMixture } from '../logistic/classMixture.js';
import type { ClassSetup, MultiLogisticSetup } from './setup.js';

/** The rows of one class in a subset. */
interface ClassRows {
  /** Place of the class; −1 for rows of no class. */
  readonly place: number;
  /** Of the subset's rows. */
  readonly share: number;
  /** Mean of x; behind it 1, which the intercept multiplies. */
  readonly mean: readonly number[];
}

/**
 * A subset as the model owner pictures it: rows are normal within each class, around the means of their class, with one covariance
 * for all. To one class the rest is not one heap, but as many as there are other classes.
 */
export interface ManyMixture extends Pick<ClassMixture, 'within' | 'second'> {
  /** None of a class that has no row in the subset. */
  readonly parts: readonly ClassRows[];
}

/**
 * The mixture of a subset.
 * @param noise largest error of a moment; the covariance is widened by what makes it positive semidefinite for all of that
 */
export function manyMixtureOf(
  setup: MultiLogisticSetup,
  { rows, noise }: { readonly rows: number; readonly noise: number },
): ManyMixture {
  const size = setup.means.length + 1;
  const parts = classRows(setup, rows);
  const second = bordered(setup);
  const within = [...second];
  for (const { share, mean } of parts) addOuter(within, -share, mean);
  for (let i = 0; i < size; i++) {
    within[i * size + i] = i === size - 1 ? 0 : within[i * size + i]! + size * noise;
    within[i * size + size - 1] = 0;
    within[(size - 1) * size + i] = 0;
  }
  return { parts, within, second };
}

/** A class with less than half a row has none: its mean would be noise. */
function classRows({ means, classes }: MultiLogisticSetup, rows: number): ClassRows[] {
  const rest = { share: 1, products: [...means] };
  for (const { share, products } of classes) {
    rest.share -= share;
    addTo(rest.products, -1, products);
  }
  const rowsOf = ({ share, products }: ClassSetup, place: number): ClassRows => ({
    place,
    share,
    mean: [...scaled(1 / share, products), 1],
  });
  return [...classes.map(rowsOf), rowsOf(rest, -1)].filter(({ share }) => share * rows >= 0.5);
}
