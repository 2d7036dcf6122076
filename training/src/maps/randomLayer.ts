import { z } from 'zod';
import { drawNormals, mapGenerator, mapSeedSchema } from './draw.js';
import { MAX_COLUMNS } from '../data/limits.js';
import { cut, type FeatureMap } from './featureMap.js';

/** See {@link randomLayer}. */
export const randomLayerSchema = z.strictObject({
  /** A hidden layer whose weights are drawn, and not trained: max(0, R·x + b). */
  kind: z.literal('random-layer'),
  /** Units of the layer, 1 to 1,024. */
  units: z.number().int().min(1).max(MAX_COLUMNS),
  /** What R and b follow from: 1 to 64 characters, public. */
  seed: mapSeedSchema,
});

/** Thresholds are half as far spread as the sums that they are added to. */
const THRESHOLD = 0.5;

/** R, a row of `width` numbers for each unit, and b. */
export function drawLayer(
  { kind, units, seed }: z.infer<typeof randomLayerSchema>,
  width: number,
): { weights: Float64Array; thresholds: Float64Array } {
  const drbg = mapGenerator(kind, seed);
  const scale = Math.sqrt(width);
  const weights = drawNormals(drbg, units * width).map((weight) => weight / scale);
  const thresholds = drawNormals(drbg, units).map((threshold) => threshold * THRESHOLD);
  return { weights, thresholds };
}

/** max(0, R·x + b) of the standardised columns x. Rows of R have length about 1, so that R·x is as large as a column. */
export const randomLayer: FeatureMap<z.infer<typeof randomLayerSchema>> = {
  units: 'standardised',
  width: ({ units }) => units,
  open: (document, width) => {
    const { units } = document;
    const { weights, thresholds } = drawLayer(document, width);
    return (columns, features) => {
      for (let unit = 0; unit < units; unit++) {
        let sum = thresholds[unit]!;
        for (let j = 0, place = unit * width; j < width; j++, place++) sum += weights[place]! * columns[j]!;
        features[unit] = cut(Math.max(0, sum));
      }
    };
  },
};
