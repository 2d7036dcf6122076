import { z } from 'zod';
import { muOf } from './accountant.js';

/** Which part of the squared budget goes to means and scales; the rest goes to the moments of the subsets. */
const STATISTICS_SHARE = 0.1;

/**
 * The differential privacy of a dataset: everything that leaves its owner follows from one release with Gaussian noise. Two
 * tables are neighbours where one row differs; the numbers of rows are public.
 */
export const privacyTermsSchema = z.strictObject({
  /** No model owner, host or outsider tells neighbours apart by more than a factor e^ε, 0.01 to 100 … */
  epsilon: z.number().min(0.01).max(100),
  /** … but for a probability of δ: below 1 / rows. */
  delta: z.number().min(1e-12).max(0.01),
  /** Bound on the length of a row's standardised features; a longer row is shortened to it. */
  clip: z.number().min(0.1).max(100),
  /** Bound on a standardised target; of a target of two classes the larger of the two values. */
  targetClip: z.number().min(0.1).max(100),
  /**
   * `stated`: the owner stated the ranges of all columns without looking at the rows. `observed`: ranges, levels and fills of
   * some columns are as the rows have them, and are taken for public knowledge.
   */
  domain: z.enum(['stated', 'observed']),
});

/** See {@link privacyTermsSchema}. */
export type PrivacyTerms = z.infer<typeof privacyTermsSchema>;

/** Sensitivity / standard deviation of the two releases: the statistics of the whole table, and the moments of the subsets. */
export function muShares({ epsilon, delta }: Pick<PrivacyTerms, 'epsilon' | 'delta'>) {
  const mu = muOf(epsilon, delta);
  return {
    statistics: mu * Math.sqrt(STATISTICS_SHARE),
    moments: mu * Math.sqrt(1 - STATISTICS_SHARE),
  };
}
