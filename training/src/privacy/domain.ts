import { shown } from '../data/shown.js';
import type { RowTable } from '../data/rowTable.js';
import { columnsOf } from '../data/rowTable.js';
import { TrainingError } from '../errors.js';
import type { PrivacyTerms } from './terms.js';

/** Least and largest value of a column, as its owner states them. Values outside count as the nearer bound. */
export type ColumnBounds = readonly [least: number, largest: number];

/** What is known of a table without its rows. */
export interface Domain {
  /** Of the features, then of the target. */
  readonly bounds: readonly ColumnBounds[];
  /** The target has no values but its bounds. */
  readonly hasClasses: boolean;
  readonly origin: PrivacyTerms['domain'];
}

/** How a data owner gives the domain. */
export interface DomainChoice {
  /** By column: features, or the target. */
  readonly bounds: Readonly<Record<string, ColumnBounds>>;
  /** Takes what the rows show of the other columns for public knowledge. */
  readonly observed: boolean;
}

/**
 * The domain of a table: stated bounds, and those of the rows for the other columns where the owner allows it.
 * @throws TrainingError VT7509 for a column without bounds, texts or gaps, where it does not; VT7501 for bounds of no column
 */
export function domainOf(table: RowTable, { bounds, observed }: DomainChoice): Domain {
  const names = [...table.columns, table.target];
  for (const [column, [least, largest]] of Object.entries(bounds)) {
    if (!names.includes(column)) refuse(`there is no feature ${shown(column)} to bound`, column);
    if (!(Number.isFinite(least) && largest > least))
      refuse(`the bounds of ${shown(column)} are no range`, column);
  }
  const open = names.filter((name) => !Object.hasOwn(bounds, name));
  if (!observed) requireStated(table, open);
  const observedOf = rangesOf(table, open);
  const all = names.map((name): ColumnBounds => bounds[name] ?? observedOf.get(name) ?? [0, 1]);
  const [low, high] = all[table.features] ?? [0, 1];
  return {
    bounds: all,
    hasClasses: table.targets.every((value) => value === low || value === high),
    origin: open.length > 0 || table.recipe !== undefined ? 'observed' : 'stated',
  };
}

function requireStated({ source, recipe }: RowTable, open: readonly string[]): void {
  if (open.length > 0) {
    const what = `${source}: no bounds are stated of ${open.map(shown).join(', ')}`;
    throw new TrainingError('VT7509', what, { columns: open.join(', ') });
  }
  if (recipe !== undefined)
    throw new TrainingError('VT7509', `${source}: texts and gaps are read as the rows have them`, { source });
}

/** What the rows show of some columns. */
function rangesOf(table: RowTable, names: readonly string[]): Map<string, ColumnBounds> {
  const all = [...table.columns, table.target];
  const places = names.map((name) => all.indexOf(name));
  const ranges = Array.from(columnsOf(table, table.features + 1, places), (column): ColumnBounds => {
    const least = column.reduce((low, value) => Math.min(low, value), Infinity);
    return [least, column.reduce((high, value) => Math.max(high, value), -Infinity)];
  });
  return new Map(names.map((name, index) => [name, ranges[index] ?? [0, 1]]));
}

/** A row within its bounds. */
export function bounded(cells: Float64Array, bounds: readonly ColumnBounds[]): void {
  bounds.forEach(([least, largest], place) => {
    cells[place] = Math.min(largest, Math.max(least, cells[place]!));
  });
}

function refuse(what: string, column: string): never {
  throw new TrainingError('VT7501', what, { column });
}
