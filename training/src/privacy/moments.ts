import type { RowTable } from '../data/rowTable.js';
import type { Template } from '../data/template.js';
import { bounded, type Domain } from './domain.js';
import type { GaussianNoise } from './noise.js';
import type { PrivacyTerms } from './terms.js';

/** Lengths of the 1 and of the longest target in a row's vector, by that of the longest features. */
const ONES_LENGTH = 0.25;
const TARGET_LENGTH = 1;

/** The vector u of a row: `ones`, then its features, then `target` times its target. */
interface RowUnits {
  readonly ones: number;
  readonly target: number;
  /** No u is longer. */
  readonly longest: number;
}

/** Units in which 1, features and target of a row make one vector. */
export function rowUnits({ clip, targetClip }: Pick<PrivacyTerms, 'clip' | 'targetClip'>): RowUnits {
  const ones = ONES_LENGTH * clip;
  const target = (TARGET_LENGTH * clip) / targetClip;
  return { ones, target, longest: Math.sqrt(clip * clip + ones * ones + (target * targetClip) ** 2) };
}

/**
 * How far one changed row moves the sum of u·uᵀ, as the length of the matrix: |u·uᵀ − v·vᵀ|² = |u|⁴ + |v|⁴ − 2·(u·v)², at most
 * 2·longest⁴.
 */
export function momentsSensitivity(terms: Pick<PrivacyTerms, 'clip' | 'targetClip'>): number {
  return Math.SQRT2 * rowUnits(terms).longest ** 2;
}

/** What rows are clipped by. */
export interface Clipping {
  readonly domain: Domain;
  readonly statistics: Template['statistics'];
  readonly terms: Pick<PrivacyTerms, 'clip' | 'targetClip'>;
}

/** A row of the table (features, then target), standardised and clipped, in place. */
function clipRow(cells: Float64Array, { domain, statistics, terms }: Clipping): void {
  const { means, scales, targetMean, targetScale } = statistics;
  const features = means.length;
  bounded(cells, domain.bounds);
  let squares = 0;
  for (let j = 0; j < features; j++) {
    const value = (cells[j]! - means[j]!) / (scales[j] ?? 1);
    cells[j] = value;
    squares += value * value;
  }
  const shorter = Math.min(1, terms.clip / Math.sqrt(squares));
  if (shorter < 1) for (let j = 0; j < features; j++) cells[j]! *= shorter;
  const target = (cells[features]! - targetMean) / targetScale;
  cells[features] = Math.min(terms.targetClip, Math.max(-terms.targetClip, target));
}

/** Σ u·uᵀ over some rows: (features + 2)², row-major. */
export function outerSums(table: RowTable, rows: Uint32Array, clipping: Clipping): Float64Array {
  const { ones, target } = rowUnits(clipping.terms);
  const width = table.features + 1;
  const size = width + 1;
  const sums = new Float64Array(size * size);
  const cells = new Float64Array(width);
  const u = new Float64Array(size);
  for (const row of rows) {
    table.read(row, cells);
    clipRow(cells, clipping);
    u[0] = ones;
    u.set(cells, 1);
    u[width] = cells[table.features]! * target;
    for (let i = 0; i < size; i++) for (let j = i; j < size; j++) sums[i * size + j]! += u[i]! * u[j]!;
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) sums[i * size + j] = sums[j * size + i]!;
  return sums;
}

/**
 * The sums with noise, symmetric. An entry beside the diagonal stands twice in the length of the matrix, so that half of the variance
 * does for it. The first entry counts the rows, which is public.
 */
export function noisedSums(sums: Float64Array, noise: GaussianNoise, deviation: number): Float64Array {
  const size = Math.sqrt(sums.length);
  const noised = Float64Array.from(sums);
  for (let i = 0; i < size; i++) {
    for (let j = i === 0 ? 1 : i; j < size; j++) {
      const entry = noise.around(sums[i * size + j]!, i === j ? deviation : deviation * Math.SQRT1_2);
      noised[i * size + j] = entry;
      noised[j * size + i] = entry;
    }
  }
  return noised;
}
