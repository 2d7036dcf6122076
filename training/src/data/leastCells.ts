import { TrainingError } from '../errors.js';
import { groupsOf, groupText } from './batches.js';
import { CellCounter, MOST_VALUES, type ColumnCells } from './cellCounter.js';
import { readPackageRows } from './packageReader.js';
import type { Pieces } from '../work.js';
import { visitBlocks, type Passed } from './passes.js';
import type { RowBlock } from './rowBlock.js';
import type { Template } from './template.js';

/** Least rows of a cell, where a data owner says nothing else. */
export const DEFAULT_LEAST_CELL = 5;

/** The smallest cell of one column in one subset. */
export interface LeastCell {
  /** In input units: the value that these rows share, or the farthest of them. */
  readonly value: number;
  /** What the table writes for the value: of a target of text alone. */
  readonly text?: string | undefined;
  /** Rows that share it; or rows like the farthest one that would make up the squares of the column, rounded down. */
  readonly count: number;
  /** Where replies are added up: the subsets of the batch, whose rows are counted together. */
  readonly batch?: readonly number[] | undefined;
}

/**
 * The smallest cells of a column, by subset; by batch where replies are added up, since moments of a batch are then all that a
 * model owner sees. `value`: a column with at most 16 different values in the table; a cell is the
 * rows of a subset that share one. `extreme`: a column of numbers; its second moments say of the row farthest from the table's
 * mean what those of a flag say of one of `count` rows, where the squares of the subset's column sum to `count` times its own.
 */
export interface ColumnLeastCells {
  /** Name of the column. */
  readonly column: string;
  /** Whether cells are shared values or far ones. */
  readonly kind: 'value' | 'extreme';
  /** The smallest cell of each subset, or of each batch, by index. */
  readonly bySubset: readonly LeastCell[];
}

/** One cell of all, with where it is. */
export interface LocatedCell extends LeastCell {
  /** Name of the column. */
  readonly column: string;
  /** Whether it is a shared value or a far one. */
  readonly kind: ColumnLeastCells['kind'];
  /** Index of the subset, or of the batch, from 0. */
  readonly subset: number;
}

/**
 * What is counted of every column, by subset or batch.
 * @param blocks a subset's standardised rows
 */
export function* countColumns(
  template: Template,
  blocks: (subset: number) => Iterable<RowBlock>,
  passed: Passed,
): Pieces<ColumnCells[][]> {
  const groups: ColumnCells[][] = [];
  for (const group of groupsOf(template)) {
    const counter = new CellCounter();
    yield* visitBlocks(template, group, blocks, { visitor: counter, passed });
    groups.push(counter.cells());
  }
  return groups;
}

/** The same from a dataset's packages. @throws TrainingError VT7202; whatever the stream throws */
export async function countPackageColumns(
  template: Template,
  pieces: (subset: number) => AsyncIterable<Uint8Array>,
): Promise<ColumnCells[][]> {
  const groups: ColumnCells[][] = [];
  for (const group of groupsOf(template)) {
    const counter = new CellCounter();
    await readPackageRows(template, group, pieces, counter);
    groups.push(counter.cells());
  }
  return groups;
}

/**
 * Counts the cells of a dataset's packages, as they are handed out.
 * @param pieces a subset's package, as a stream
 * @throws TrainingError VT7202 for another dataset's package; whatever the stream throws
 */
export async function countPackageCells(
  template: Template,
  pieces: (subset: number) => AsyncIterable<Uint8Array>,
): Promise<ColumnLeastCells[]> {
  return leastCellsOf(template, await countPackageColumns(template, pieces));
}

/** The smallest cell of all; undefined of none. */
export function leastCellOf(columns: readonly ColumnLeastCells[]): LocatedCell | undefined {
  let least: LocatedCell | undefined;
  for (const { column, kind, bySubset } of columns) {
    bySubset.forEach((cell, subset) => {
      if (least === undefined || cell.count < least.count) least = { ...cell, column, kind, subset };
    });
  }
  return least;
}

/**
 * Refuses a split with a cell below the floor.
 * @param floor 1 to 1000 rows; 1 refuses nothing
 * @throws TrainingError VT7506 naming column, value, subset and count; VT7501
 */
export function requireLeastCells(columns: readonly ColumnLeastCells[], floor: number): void {
  requireFloor(floor);
  const least = leastCellOf(columns);
  if (least === undefined || least.count >= floor) return;
  const { column, value, subset, count, kind } = least;
  throw new TrainingError('VT7506', `${describeCell(least)}, fewer than ${String(floor)}`, {
    column,
    value,
    subset,
    count,
    floor,
    kind,
  });
}

/** @throws TrainingError VT7501 for a floor that is not 1 to 1000 rows */
export function requireFloor(floor: number): void {
  if (!Number.isInteger(floor) || floor < 1 || floor > 1000)
    throw new TrainingError('VT7501', 'the least cell is a whole number from 1 to 1000', { floor });
}

/**
 * A sentence for the data owner where a cell has fewer rows than {@link DEFAULT_LEAST_CELL}.
 * @param first what the first subset is called: 0 as its index, or 1
 */
export function rareRows(columns: readonly ColumnLeastCells[], first = 0): string | undefined {
  const least = leastCellOf(columns);
  if (least === undefined || least.count >= DEFAULT_LEAST_CELL) return undefined;
  return (
    `Rare rows: ${describeCell(least, first)}. A model owner can read such a row, every column of it, from ` +
    `${least.batch === undefined ? "its subset's" : "its batch's"} second moments. Use fewer subsets, merge rare values, or cap far ones.`
  );
}

/** Whose rows a cell is: `subset 4 has`, or `subsets 3 to 5 together have`. */
export function ownerText({ batch, subset }: Pick<LocatedCell, 'batch' | 'subset'>): string {
  return batch === undefined ? `${groupText([subset])} has` : `${groupText(batch)} together have`;
}

/** A cell in words. */
function describeCell(
  { column, kind, value, text = String(value), subset, batch, count }: LocatedCell,
  first = 0,
): string {
  const rows = `${String(count)} ${count === 1 ? 'row' : 'rows'}`;
  const where = ownerText({
    batch: batch?.map((one) => one + first),
    subset: subset + first,
  });
  return kind === 'value'
    ? `${where} ${rows} with "${column}" = ${text}`
    : `${where} a row with "${column}" = ${text} that makes up over 1/${String(count + 1)} of its column, as one of ${rows} does`;
}

/**
 * The cells that second moments give away: the sum of the rows of a flag is a column of XᵀX, and a row that is alone in it *is*
 * that sum; so, nearly, is one that lies far outside all others. One way only: rows that two columns single out together need
 * third moments, for which `countPairCells` counts.
 * @param counted what was counted of every column, by subset or batch
 */
export function leastCellsOf(
  template: Template,
  counted: readonly (readonly ColumnCells[])[],
): ColumnLeastCells[] {
  const toInput = inputUnits(template);
  const batches = batchFields(template);
  return [...template.columns, template.target].map((column, place) => {
    const cells = counted.flatMap((columns) => columns[place] ?? []);
    const kind = fewValues(cells) === undefined ? 'extreme' : 'value';
    const least = kind === 'value' ? rarest : extreme;
    const bySubset = cells.map((cell, group) => {
      const { value: standardised, count } = least(cell);
      const value = toInput(place, standardised);
      const text = column === template.target ? template.recipe?.classes?.[Math.round(value)] : undefined;
      return { value, ...(text === undefined ? {} : { text }), count, ...batches[group] };
    });
    return { column, kind, bySubset };
  });
}

/** By index, the batches whose rows are counted together; none where each subset is counted by itself. */
export function batchFields(template: Template): readonly Pick<LeastCell, 'batch'>[] {
  return template.aggregation === 'sum' ? groupsOf(template).map((batch) => ({ batch })) : [];
}

/** From standardised to input units, by the place of the column; the target's is the last. */
export function inputUnits({
  statistics: { means, scales, targetMean, targetScale },
}: Template): (place: number, value: number) => number {
  return (place, value) => tidy(value * (scales[place] ?? targetScale) + (means[place] ?? targetMean));
}

/** The values of a column over all subsets; undefined where there are more than {@link MOST_VALUES}: a column of numbers. */
export function fewValues(cells: readonly ColumnCells[]): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const { values: own } of cells) {
    if (own === undefined) return undefined;
    for (const value of own.keys()) values.add(value);
  }
  return values.size <= MOST_VALUES ? values : undefined;
}

function rarest({ values }: ColumnCells): LeastCell {
  let least: LeastCell = { value: 0, count: Infinity };
  for (const [value, count] of values ?? []) if (count < least.count) least = { value, count };
  return least;
}

function extreme(cells: ColumnCells): LeastCell {
  const { farthest, squares } = cells;
  if (squares === 0) return rarest(cells);
  // At least the row itself, whatever rounding says.
  return { value: farthest, count: Math.max(1, Math.floor(squares / (farthest * farthest))) };
}

/** Standardising and back leaves digits that the table did not have. */
function tidy(value: number): number {
  return Number(value.toPrecision(10)) + 0;
}
