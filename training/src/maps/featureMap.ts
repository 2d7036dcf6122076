import { TrainingError } from '../errors.js';

/**
 * Largest size of a feature that a map makes; beyond, it is cut. So sums of features have a bound that is known before any row
 * is seen, and no host has to refuse a shard for what its rows are.
 */
export const LARGEST_FEATURE = 8;

/** A row of columns, as the map wants them, to a row of features. Both arrays belong to the caller. */
export type MapRow = (columns: Float64Array, features: Float64Array) => void;

/** In which units a map takes its columns: standardised ones, or those of the table. */
type MapUnits = 'standardised' | 'table';

/**
 * A kind of feature map: public, part of the program, and the same on every machine to the last bit. So a map computes with
 * + − × ÷ √ and max in a fixed order, and draws its numbers from our generator.
 *
 * Adding a map is a file here, a line in `registry.ts`, and passing `maps.test.ts`.
 */
export interface FeatureMap<Document extends { readonly kind: string }> {
  /** In which units it takes columns. */
  readonly units: MapUnits;
  /**
   * How many features it makes of so many columns, before any work.
   * @throws TrainingError VT7302 where it does not take so many columns
   */
  width(document: Document, columns: number): number;
  /** Draws what the map needs, once for all rows. */
  open(document: Document, columns: number): MapRow;
}

/** @throws TrainingError VT7302 */
export function refuseColumns(kind: string, what: string, facts: Readonly<Record<string, number>>): never {
  throw new TrainingError('VT7302', `the feature map ${kind} ${what}`, { map: kind, ...facts });
}

/** A value cut to the range of features. */
export function cut(value: number): number {
  return Math.max(-LARGEST_FEATURE, Math.min(LARGEST_FEATURE, value));
}
