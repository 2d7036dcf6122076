import type { RecipeChoices, RecipeNote } from '@veritrain/training';
import { plural } from '@veritrain/member/text';
import { z } from 'zod';
import { count, decimal } from './values.js';

/** What becomes of a table's columns, for every command that makes features of one. */
export const recipeOptions = [
  ['--drop <column...>', 'leave these columns out'],
  ['--category <column...>', 'read these columns as categories, though they hold numbers'],
  [
    '--missing <what>',
    'refuse cells without a value, or fill them with the median or the most frequent level',
  ],
  ['--rare-level <n>', 'merge levels of fewer rows'],
] as const;

const columns = z.array(z.string().min(1)).optional();

/** The values of {@link recipeOptions}. */
export const recipeValues = {
  drop: columns,
  category: columns,
  missing: z.enum(['refuse', 'fill']).optional(),
  rareLevel: count(1, 100_000).optional(),
};

/** The part of the rows that no host gets. */
export const testShareValue = decimal(0, 0.5).refine((share) => share === 0 || share >= 0.01, {
  message: 'must be 0, or 0.01 to 0.5',
});

interface RecipeValues extends Pick<RecipeChoices, 'drop' | 'missing' | 'rareLevel'> {
  readonly category?: readonly string[] | undefined;
}

/** Picks the values of {@link recipeOptions} from a command's values. */
export const recipeChoicesOf = ({ drop, category, missing, rareLevel }: RecipeValues): RecipeChoices => ({
  drop,
  categories: category,
  missing,
  rareLevel,
});

type Words = { readonly [K in RecipeNote['kind']]: (note: Extract<RecipeNote, { kind: K }>) => string };

const words: Words = {
  filled: ({ column, rows, fill, flag }) =>
    `${column}: ${plural(rows, 'missing value')} read as ${fill}${flag ? ', with a feature that says so' : ''}`,
  merged: ({ column, levels, rows, into }) =>
    `${column}: ${plural(levels, 'rare level')} (${plural(rows, 'row')}) read as ${into}`,
  leftOut: ({ column, level, rows }) =>
    `${column} is ${level} in ${plural(rows, 'row')}, and no other level has enough: it is left out`,
  countsRows: ({ column }) => `${column} numbers the rows: leave it out (--drop) unless it means something`,
  saysTarget: ({ column, correlation }) =>
    `${column} says the target nearly alone (correlation ${correlation.toFixed(3)}): is it made from it?`,
};

/** What the owner should know of a column, in words. */
export const noteText = (note: RecipeNote): string =>
  (words[note.kind] as (note: RecipeNote) => string)(note);
