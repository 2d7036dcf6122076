import { z } from 'zod';
import { cut, type FeatureMap } from './featureMap.js';

/** See {@link polynomial}. */
export const polynomialSchema = z.strictObject({
  /** Standardised columns, their squares less 1, and their products by two. */
  kind: z.literal('polynomial'),
  /** Always 2. */
  degree: z.literal(2),
});

/** All monomials of degree 1 and 2: column i, then the products of columns i ≤ j row by row. Squares less 1 have mean 0. */
export const polynomial: FeatureMap<z.infer<typeof polynomialSchema>> = {
  units: 'standardised',
  width: (_, columns) => columns + (columns * (columns + 1)) / 2,
  open: () => (columns, features) => {
    let place = 0;
    for (const value of columns) features[place++] = cut(value);
    for (let i = 0; i < columns.length; i++) {
      for (let j = i; j < columns.length; j++)
        features[place++] = cut(columns[i]! * columns[j]! - (i === j ? 1 : 0));
    }
  },
};
