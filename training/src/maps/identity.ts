import { z } from 'zod';
import type { FeatureMap } from './featureMap.js';

/** See {@link identity}. */
export const identitySchema = z.strictObject({
  /** The columns as they are. */
  kind: z.literal('identity'),
});

/** Features are the standardised columns. */
export const identity: FeatureMap<z.infer<typeof identitySchema>> = {
  units: 'standardised',
  width: (_, columns) => columns,
  open: () => (columns, features) => features.set(columns),
};
