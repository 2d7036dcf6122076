import { TrainingError } from '../errors.js';
import { groupsOf } from './batches.js';
import type { ColumnCells } from './cellCounter.js';
import {
  batchFields,
  countPackageColumns,
  DEFAULT_LEAST_CELL,
  fewValues,
  inputUnits,
  ownerText,
  requireFloor,
} from './leastCells.js';
import { MAX_FEATURES } from './limits.js';
import { refusePackage } from './packageHead.js';
import { readPackageRows } from './packageReader.js';
import { PairCounter, type CountedPair, type FewValues } from './pairCounter.js';
import type { Pieces } from '../work.js';
import { visitBlocks, type Passed } from './passes.js';
import type { RowBlock } from './rowBlock.js';
import type { Template } from './template.js';

/** The smallest cell of two columns in one subset. */
export interface PairCell {
  /** Names of the two features; the same one twice for a column with itself. */
  readonly columns: readonly [string, string];
  /** What they hold in these rows, or in the farthest of them, in input units. */
  readonly values: readonly [number, number];
  /**
   * `value`: both columns have few values, and a cell is the rows that share both. `extreme`: one of them is a column of numbers, and
   * the farthest row weighs in the third moments of the two as one of `count` rows.
   */
  readonly kind: 'value' | 'extreme';
  /** Rows that share it; or rows like the farthest one that would make up the squares of the cell, rounded down. */
  readonly count: number;
  /** Where replies are added up: the subsets of the batch, whose rows are counted together. */
  readonly batch?: readonly number[] | undefined;
}

/** One cell of all, with where it is. */
export interface LocatedPair extends PairCell {
  /** Index of the subset, or of the batch, from 0. */
  readonly subset: number;
}

/**
 * Counts the cells that third moments give away: the sum of the rows that have two flags follows from E x·x·x, and a row that is
 * alone in it *is* that sum. Columns are of the same two kinds as for second moments (see `ColumnLeastCells`), by the whole table.
 * A cell is the rows that share the values of the columns with few values; in it, the product of the numbers weighs a row.
 * The target is none of the two: no family sends its products with two features.
 *
 * Of more features than {@link MAX_FEATURES} none is counted: no family that shows third moments takes so many.
 *
 * Not covered: three columns or more, which quadratic forms of a row single out together, and numbers far from another point than the
 * table's mean.
 * @param columns what `countColumns` counted
 * @param blocks a subset's standardised rows
 * @returns the smallest cell of each subset, or of each batch, by index
 */
export function* countPairCells(
  template: Template,
  columns: readonly (readonly ColumnCells[])[],
  blocks: (subset: number) => Iterable<RowBlock>,
  passed: Passed,
): Pieces<PairCell[]> {
  if (template.features > MAX_FEATURES) return [];
  const values = featureValues(template, columns);
  const cells: PairCell[] = [];
  for (const [index, group] of groupsOf(template).entries()) {
    const counter = new PairCounter(values);
    yield* visitBlocks(template, group, blocks, { visitor: counter, passed });
    cells.push(pairCellOf(template, values, index, counter.least()));
  }
  return cells;
}

/**
 * The same from a dataset's packages, in two passes.
 * @param pieces a subset's package, as a stream; each is asked for twice
 * @throws TrainingError VT7202 for another dataset's package; whatever the stream throws
 */
export async function countPackagePairs(
  template: Template,
  pieces: (subset: number) => AsyncIterable<Uint8Array>,
): Promise<PairCell[]> {
  if (template.features > MAX_FEATURES) return [];
  const values = featureValues(template, await countPackageColumns(template, pieces));
  const cells: PairCell[] = [];
  for (const [index, group] of groupsOf(template).entries()) {
    const counter = new PairCounter(values);
    await readPackageRows(template, group, pieces, counter);
    cells.push(pairCellOf(template, values, index, counter.least()));
  }
  return cells;
}

/** The smallest cell of all; undefined of none. */
export function leastPairOf(cells: readonly PairCell[]): LocatedPair | undefined {
  let least: LocatedPair | undefined;
  cells.forEach((cell, subset) => {
    if (least === undefined || cell.count < least.count) least = { ...cell, subset };
  });
  return least;
}

/**
 * Refuses third moments of a dataset with a cell of two columns below the floor.
 * @param floor 1 to 1000 rows; 1 refuses nothing
 * @throws TrainingError VT7507 naming columns, subset and count, but no value; VT7501
 */
export function requirePairCells(cells: readonly PairCell[], floor: number): void {
  requireFloor(floor);
  const least = leastPairOf(cells);
  if (least === undefined || least.count >= floor) return;
  const {
    columns: [column, otherColumn],
    subset,
    count,
  } = least;
  const where = `${ownerText(least)} ${rowsText(count)} that "${column}" and "${otherColumn}" single out`;
  throw new TrainingError('VT7507', `${where}, fewer than ${String(floor)}`, {
    column,
    otherColumn,
    subset,
    count,
    floor,
  });
}

/** A sentence for the data owner where a cell of two columns has fewer rows than {@link DEFAULT_LEAST_CELL}. */
export function rarePairs(cells: readonly PairCell[]): string | undefined {
  const least = leastPairOf(cells);
  if (least === undefined || least.count >= DEFAULT_LEAST_CELL) return undefined;
  return (
    `Rare pairs: ${describePair(least)}. The model owner of a program that shows third moments (logistic, degree 2) can read such ` +
    `a row. Programs that show second moments alone cannot.`
  );
}

const rowsText = (count: number): string => `${String(count)} ${count === 1 ? 'row' : 'rows'}`;

/** A cell in words. */
function describePair({ columns: [left, right], values, kind, count, ...of }: LocatedPair): string {
  const rows = rowsText(count);
  const first = `"${left}" = ${String(values[0])}`;
  const held = left === right ? first : `${first} and "${right}" = ${String(values[1])}`;
  return kind === 'value'
    ? `${ownerText(of)} ${rows} with ${held}`
    : `${ownerText(of)} a row with ${held} that makes up over 1/${String(count + 1)} of their products, as one of ${rows} does`;
}

function featureValues(
  { features }: Template,
  columns: readonly (readonly ColumnCells[])[],
): readonly FewValues[] {
  return Array.from({ length: features }, (_, place) =>
    fewValues(columns.flatMap((subset) => subset[place] ?? [])),
  );
}

function pairCellOf(
  template: Template,
  values: readonly FewValues[],
  group: number,
  counted: CountedPair | undefined,
): PairCell {
  if (counted === undefined) refusePackage('it has no row');
  const [left, right] = counted.columns;
  const unit = inputUnits(template);
  return {
    columns: [template.columns[left] ?? '', template.columns[right] ?? ''],
    values: [unit(left, counted.values[0]), unit(right, counted.values[1])],
    kind: values[left] && values[right] ? 'value' : 'extreme',
    count: counted.count,
    ...batchFields(template)[group],
  };
}
