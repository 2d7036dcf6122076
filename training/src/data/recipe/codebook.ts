import { z } from 'zod';
import { TrainingError } from '../../errors.js';
import { columnNameSchema } from '../columnName.js';
import { MAX_COLUMNS } from '../limits.js';
import type { RawColumn } from '../rawTable.js';
import { shown } from '../shown.js';
import { isLevelCode } from './levelCode.js';
import type { CategoryRecipe, ColumnRecipe, Recipe } from './recipe.js';

const levelSchema = z.strictObject({
  /** What the recipe names it. */
  code: z.string().refine(isLevelCode, 'a code of the form c-…'),
  /** What the table's cells say. */
  text: columnNameSchema,
});

const columnSchema = z.strictObject({
  /** Name of the column in the table. */
  column: columnNameSchema,
  /** The levels that the recipe names, by code. */
  levels: z
    .array(levelSchema)
    .min(1)
    .max(MAX_COLUMNS + 1)
    .refine((levels) => areDifferent(levels.map(({ code }) => code)), 'each code once')
    .refine((levels) => areDifferent(levels.map(({ text }) => text)), 'each text once'),
});

/**
 * What the codes of a recipe stand for. It has the texts that the template would name if it had no codes, and so none of a rare level.
 * It stays with the data owner and those to whom it gives it.
 */
export const codebookSchema = z.strictObject({
  /** Always 1. */
  schemaVersion: z.literal(1),
  /** The columns whose levels are codes. */
  columns: z
    .array(columnSchema)
    .max(MAX_COLUMNS)
    .refine((columns) => areDifferent(columns.map(({ column }) => column)), 'each column once'),
});

/** What the codes of a recipe stand for. See {@link codebookSchema}. */
export interface Codebook extends z.infer<typeof codebookSchema> {}

const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** Names of the columns whose levels are codes. */
export const codedColumnsOf = (recipe: Recipe | undefined): string[] =>
  (recipe?.columns ?? []).filter(isCoded).map(({ column }) => column);

/** Whether a column's levels are codes. */
export const isCoded = (column: ColumnRecipe): column is CategoryRecipe =>
  column.kind === 'category' && column.codes === true;

/** The texts of the levels that a recipe names by codes. @param columns those that the recipe was found from */
export function codebookOf(recipe: Recipe, columns: readonly RawColumn[]): Codebook {
  const coded = recipe.columns.filter(isCoded).map(({ column, reference, levels }) => {
    const { levels: codes = [], texts = [] } = columns.find(({ name }) => name === column) ?? {};
    const textOf = (code: string): string => texts[codes.indexOf(code)] ?? '';
    return { column, levels: [reference, ...levels].sort().map((code) => ({ code, text: textOf(code) })) };
  });
  return { schemaVersion: 1, columns: coded };
}

/**
 * The same recipe with the texts of its levels, for rows that are written with them. Features keep their order.
 * @throws TrainingError VT7019 for a codebook of another recipe, and a recipe without codes
 */
export function decodeRecipe(recipe: Recipe | undefined, codebook: Codebook): Recipe {
  if (recipe?.columns.some(isCoded) !== true)
    throw new TrainingError('VT7019', 'the levels of the model are texts, so there is nothing to decode');
  return { ...recipe, columns: recipe.columns.map((column) => decoded(column, codebook)) };
}

function decoded(recipe: ColumnRecipe, codebook: Codebook): ColumnRecipe {
  if (!isCoded(recipe)) return recipe;
  const { codes: _, ...column } = recipe;
  const texts = textsOf(codebook, column.column);
  const textOf = (code: string): string => {
    const text = texts.get(code);
    if (text !== undefined) return text;
    const what = `the codebook has no text for ${code} of column ${shown(column.column)}`;
    throw new TrainingError('VT7019', what, { column: column.column, level: code });
  };
  return { ...column, reference: textOf(column.reference), levels: column.levels.map(textOf) };
}

/** By code, the texts of a column. */
export const textsOf = ({ columns }: Codebook, column: string): ReadonlyMap<string, string> =>
  new Map(
    columns
      .find((of) => of.column === column)
      ?.levels.map(({ code, text }): [string, string] => [code, text]),
  );
