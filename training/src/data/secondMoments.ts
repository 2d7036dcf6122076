/** Second moments of a subset's standardised rows x and targets y: all that linear models, and logistic ones of degree 1, ask of them. */
export interface SecondMoments {
  /** How many features x has. */
  readonly features: number;
  /** E x. */
  readonly means: Float64Array;
  /** E y·x. */
  readonly products: Float64Array;
  /** E y. */
  readonly target: number;
  /** E x[i]·x[j] for i ≤ j, row by row: features·(features + 1)/2 numbers. */
  readonly second: Float64Array;
}

/** How many pairs i ≤ j of so many features there are. */
export const pairCount = (features: number): number => (features * (features + 1)) / 2;

/** How many numbers second moments are. */
export const momentCount = (features: number): number => pairCount(features) + 2 * features + 1;

/** As one list: second moments, means, products, target. */
export function momentList({ second, means, products, target }: SecondMoments): Float64Array {
  return Float64Array.of(...second, ...means, ...products, target);
}

/** Reads {@link momentList}'s numbers. */
export function momentsFrom(list: Float64Array, features: number): SecondMoments {
  const pairs = pairCount(features);
  return {
    features,
    second: list.slice(0, pairs),
    means: list.slice(pairs, pairs + features),
    products: list.slice(pairs + features, pairs + 2 * features),
    target: list[pairs + 2 * features] ?? 0,
  };
}
