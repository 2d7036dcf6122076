import { TrainingError } from '../../errors.js';
import { checkFeatureCount, refuseDouble } from '../checks.js';
import { MAX_NAME_LENGTH } from '../columnName.js';
import { MAX_CLASSES } from '../limits.js';
import type { RawColumn, RawTable } from '../rawTable.js';
import { shown } from '../shown.js';
import { DEFAULT_RARE_LEVEL, type RecipeChoices } from './choices.js';
import { countCells, mediansOf, type Counts } from './countCells.js';
import { categoryRecipe, isNo } from './fitCategory.js';
import type { RecipeNote } from './notes.js';
import { featureNamesOf, type ColumnRecipe, type Recipe } from './recipe.js';

/** A recipe, and what it does to the table. */
export interface FittedRecipe {
  /** Absent where every column is a feature as it is. */
  readonly recipe: Recipe | undefined;
  readonly notes: readonly RecipeNote[];
}

const plain: FittedRecipe = { recipe: undefined, notes: [] };

/**
 * Finds the recipe of a table: numbers stay, texts become a flag for each level but one, missing values the median.
 * A column of texts of which one alone is left is left out.
 * @throws TrainingError VT7003, VT7010, VT7014, VT7015
 */
export function fitRecipe(
  table: RawTable,
  { rareLevel = DEFAULT_RARE_LEVEL, missing }: Pick<RecipeChoices, 'rareLevel' | 'missing'>,
): FittedRecipe {
  const { source } = table;
  // Numbers alone, each with a value: rows may be millions, so nothing is counted.
  if (missing !== 'fill' && table.columns.every(({ levels }) => levels === undefined)) return plain;
  // Neither the rows of a flag nor the others may be few.
  const isShared = (rows: number): boolean => rows >= rareLevel && table.rows - rows >= rareLevel;
  const counts = countCells(table);
  const features = table.columns.slice(0, -1);
  const medians = mediansOf(table, placesWithGaps(features, counts));
  const fitted = features.map(({ name: column, levels, texts }, place) => {
    const own = counts[place] ?? { byLevel: new Float64Array(0), missing: 0 };
    return levels === undefined
      ? numberRecipe(column, own, medians.get(place) ?? 0, isShared)
      : categoryRecipe({ source, column, levels, isCoded: texts !== undefined, counts: own, isShared });
  });
  const columns = fitted.flatMap(({ recipe }) => recipe ?? []);
  const target = table.columns.at(-1);
  const classes = target?.levels && classesOf(source, target.name, target.levels, counts.at(-1));
  const isPlain = fitted.every(
    ({ recipe: column }) => column?.kind === 'number' && column.missing === undefined,
  );
  if (isPlain && classes === undefined) return plain;
  const recipe = { columns, ...(classes && { classes }) };
  checkNames(table, recipe);
  return { recipe, notes: fitted.flatMap(({ notes }) => notes) };
}

/** Columns of numbers that lack a value somewhere. */
const placesWithGaps = (columns: readonly RawColumn[], counts: readonly Counts[]): number[] =>
  [...columns.keys()].filter(
    (place) => columns[place]?.levels === undefined && (counts[place]?.missing ?? 0) > 0,
  );

function numberRecipe(
  column: string,
  { missing }: Counts,
  fill: number,
  isShared: (rows: number) => boolean,
): { recipe: ColumnRecipe; notes: RecipeNote[] } {
  if (missing === 0) return { recipe: { column, kind: 'number' }, notes: [] };
  const flag = isShared(missing);
  return {
    recipe: { column, kind: 'number', missing: { fill, flag } },
    notes: [{ kind: 'filled', column, rows: missing, fill, flag }],
  };
}

/**
 * Of two classes the one that denies first, else the more frequent; of more by name.
 * @throws TrainingError VT7014
 */
function classesOf(
  source: string,
  column: string,
  levels: readonly string[],
  counts: Counts | undefined,
): string[] {
  const byName = [...levels].sort();
  if (levels.length < 2 || levels.length > MAX_CLASSES) {
    const what = `${source}: the target ${shown(column)} has ${String(levels.length)} different texts`;
    throw new TrainingError('VT7014', what, { source, column, levels: levels.length, most: MAX_CLASSES });
  }
  if (levels.length > 2) return byName;
  const rowsOf = (level: string): number => counts?.byLevel[levels.indexOf(level)] ?? 0;
  const [a = '', b = ''] = byName.sort((one, other) => rowsOf(other) - rowsOf(one));
  return isNo(b) ? [b, a] : [a, b];
}

/** @throws TrainingError VT7003, VT7010 */
function checkNames({ source, columns }: RawTable, recipe: Recipe): void {
  const target = columns.at(-1)?.name ?? '';
  const names = featureNamesOf(recipe);
  checkFeatureCount(names.length, { source, target });
  const all = [...names, target];
  const double =
    all.length === new Set(all).size ? undefined : all.find((name, place) => all.indexOf(name) !== place);
  if (double !== undefined) refuseDouble(double, source);
  const long = names.find((name) => name.length > MAX_NAME_LENGTH);
  if (long === undefined) return;
  const what = `${source}: the feature ${shown(long)} has a name of ${String(long.length)} characters`;
  throw new TrainingError('VT7003', what, { source, column: long, most: MAX_NAME_LENGTH });
}
