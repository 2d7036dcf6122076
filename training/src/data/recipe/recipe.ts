import { z } from 'zod';
import { columnNameSchema } from '../columnName.js';
import { MAX_CLASSES, MAX_COLUMNS, MAX_MAGNITUDE } from '../limits.js';
import { isLevelCode } from './levelCode.js';

const number = z.strictObject({
  /** Name of the column in the table. */
  column: columnNameSchema,
  /** A column of numbers. */
  kind: z.literal('number'),
  /** What a cell without a value counts as; where it is absent, such a cell is refused. */
  missing: z
    .strictObject({
      /** The median of the column. */
      fill: z.number().min(-MAX_MAGNITUDE).max(MAX_MAGNITUDE),
      /** Whether a second feature says that the value was missing, 1, or there, 0. */
      flag: z.boolean(),
    })
    .optional(),
});

const category = z
  .strictObject({
    /** Name of the column in the table. */
    column: columnNameSchema,
    /** A column of texts. */
    kind: z.literal('category'),
    /** The level whose rows have 0 in all features of the column. */
    reference: columnNameSchema,
    /** Levels that have a feature each: 1 for rows of that level, 0 for others. Sorted by name. */
    levels: z.array(columnNameSchema).max(MAX_COLUMNS),
    /** Present where the levels are codes: only a codebook says which texts they stand for. */
    codes: z.literal(true).optional(),
    /** Whether all other levels, those that training never saw too, share a feature; else they count as the reference. */
    other: z.boolean(),
    /** A cell without a value: refused, taken for the reference, or a feature of its own. */
    missing: z.enum(['refused', 'reference', 'flag']),
  })
  .refine(
    ({ codes, reference, levels }) => codes === undefined || [reference, ...levels].every(isLevelCode),
    'codes alone where levels are codes',
  );

const columnRecipe = z.discriminatedUnion('kind', [number, category]);

/** How a table's columns become features. It is public: part of the dataset's template, and of a model that learnt from it. */
export const recipeSchema = z.strictObject({
  /** The columns that are read, in the order of the file, the target left out. */
  columns: z.array(columnRecipe).min(1).max(MAX_COLUMNS),
  /** A target of text: what counts as 0, 1 and so on, 2 to 16 of them. Absent for a target of numbers. */
  classes: z.array(columnNameSchema).min(2).max(MAX_CLASSES).optional(),
});

/** How a table's columns become features. See {@link recipeSchema}. */
export interface Recipe extends z.infer<typeof recipeSchema> {}

/** How one column becomes features. */
export type ColumnRecipe = Recipe['columns'][number];
/** How a column of texts becomes features. */
export type CategoryRecipe = Extract<ColumnRecipe, { kind: 'category' }>;

/** What stands for the levels that share a feature. */
export const OTHER = '(other)';

/** The names of a column's features, in their order: its own, or `colour = red`, `colour = (other)`, `colour is missing`. */
export function featuresOf(recipe: ColumnRecipe): string[] {
  const { column } = recipe;
  const missing = `${column} is missing`;
  if (recipe.kind === 'number') return recipe.missing?.flag === true ? [column, missing] : [column];
  const names = recipe.levels.map((level) => `${column} = ${level}`);
  if (recipe.other) names.push(`${column} = ${OTHER}`);
  if (recipe.missing === 'flag') names.push(missing);
  return names;
}

/** The names of all features, in their order. */
export const featureNamesOf = ({ columns }: Recipe): string[] => columns.flatMap(featuresOf);
