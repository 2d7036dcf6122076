import { z } from 'zod';
import { checkArgument } from '../checkArgument.js';

/** What a data owner chooses about its columns. Names are as the table has them. */
export interface RecipeChoices {
  /** Columns to leave out. */
  readonly drop?: readonly string[] | undefined;
  /** Columns to read as categories, though their cells are numbers. Columns of text are categories anyway. */
  readonly categories?: readonly string[] | undefined;
  /**
   * Cells without a value: refused (default), or filled with the column's median or most frequent level, with a feature that
   * says so where at least `rareLevel` rows lack a value. The target always has one.
   */
  readonly missing?: 'refuse' | 'fill' | undefined;
  /** Levels of fewer rows are merged into one feature: 1 (merges none) to 100000. Default: 10. */
  readonly rareLevel?: number | undefined;
}

/** Rows that a level must have to keep a feature of its own, where the owner says nothing else. */
export const DEFAULT_RARE_LEVEL = 10;

/** So many rows of a level that each of the subsets has twice the floor, if it has its part of them. */
export const rareLevelFor = (subsets: number, leastCell: number): number =>
  Math.max(DEFAULT_RARE_LEVEL, 2 * subsets * leastCell);

const choicesSchema = z.object({
  drop: z.array(z.string()).optional(),
  categories: z.array(z.string()).optional(),
  missing: z.enum(['refuse', 'fill']).optional(),
  rareLevel: z.int().min(1).max(100_000).optional(),
});

/** @throws TrainingError VT7501 */
export const checkRecipeChoices = (choices: RecipeChoices): void => checkArgument(choicesSchema, choices);
