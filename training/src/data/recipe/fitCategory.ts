import { TrainingError } from '../../errors.js';
import { shown } from '../shown.js';
import type { Counts } from './countCells.js';
import type { RecipeNote } from './notes.js';
import { featuresOf, OTHER, type ColumnRecipe } from './recipe.js';

/** A column of text, and what judges its levels. */
interface TextColumn {
  readonly source: string;
  readonly column: string;
  /** Its levels, by the numbers that stand for them in a table that was read. */
  readonly levels: readonly string[];
  /** Whether the levels are codes of texts. */
  readonly isCoded: boolean;
  readonly counts: Counts;
  /** Whether so many rows get a feature of their own. */
  readonly isShared: (rows: number) => boolean;
}

interface Level {
  readonly name: string;
  readonly rows: number;
}

/**
 * A flag for each level but the reference; rare ones share one, or count as the reference where they are rare together.
 * No recipe for a column that would have no feature.
 * @throws TrainingError VT7015
 */
export function categoryRecipe(of: TextColumn): { recipe: ColumnRecipe | undefined; notes: RecipeNote[] } {
  const { column, counts, isShared } = of;
  const levels = levelsOf(of);
  const reference = referenceOf(levels);
  const others = levels.filter((level) => level !== reference);
  const rare = others.filter(({ rows }) => !isShared(rows));
  const rareRows = rare.reduce((sum, { rows }) => sum + rows, 0);
  const other = rare.length > 0 && isShared(rareRows);
  const recipe: ColumnRecipe = {
    column,
    kind: 'category',
    reference: reference.name,
    levels: others.filter(({ rows }) => isShared(rows)).map(({ name }) => name),
    ...(of.isCoded && { codes: true as const }),
    other,
    missing: counts.missing === 0 ? 'refused' : isShared(counts.missing) ? 'flag' : 'reference',
  };
  if (featuresOf(recipe).length === 0) {
    const note = { kind: 'leftOut', column, level: reference.name, rows: reference.rows } as const;
    return { recipe: undefined, notes: [note] };
  }
  const notes: RecipeNote[] = [];
  if (rare.length > 0) {
    const into = other ? OTHER : reference.name;
    notes.push({ kind: 'merged', column, levels: rare.length, rows: rareRows, into });
  }
  if (counts.missing > 0) {
    const flag = recipe.missing === 'flag';
    notes.push({ kind: 'filled', column, rows: counts.missing, fill: reference.name, flag });
  }
  return { recipe, notes };
}

/** The levels that occur, by name. @throws TrainingError VT7015 where there are more than half as many as values */
function levelsOf({ source, column, levels, counts }: TextColumn): Level[] {
  const found = levels
    .map((name, code) => ({ name, rows: counts.byLevel[code] ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .sort(byName);
  const values = found.reduce((sum, { rows }) => sum + rows, 0);
  if (found.length <= values / 2) return found;
  const facts = { source, column, levels: found.length, rows: values };
  const what = `${source}: column ${shown(column)} has ${String(found.length)} different texts in ${String(values)} rows`;
  throw new TrainingError('VT7015', what, facts);
}

/** Of two levels the one that denies; else the most frequent. */
function referenceOf(levels: readonly Level[]): Level {
  const denies = levels.length === 2 ? levels.find(({ name }) => isNo(name)) : undefined;
  const [first = { name: '', rows: 0 }] = [...levels].sort((a, b) => b.rows - a.rows || byName(a, b));
  return denies ?? first;
}

const NO = new Set(['no', 'n', 'false', 'f', '0', 'off', 'absent', 'negative']);

/** Whether a level says no. */
export const isNo = (level: string): boolean => NO.has(level.toLowerCase());

const byName = (a: Level, b: Level): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
