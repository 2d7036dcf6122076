import { hashParts } from '../canonical.js';
import { Drbg } from '../drbg.js';
import { TrainingError } from '../errors.js';
import { MAX_CLASSES, MAX_HELD_OUT_CELLS, MAX_ROWS_IN_MEMORY, MIN_ROWS } from './limits.js';
import { plainCsvText } from './csvText.js';
import { someRows, type RawTable } from './rawTable.js';
import { blocksOf } from './rowTable.js';
import type { Table } from './table.js';

/** Figures on fewer rows say nothing. */
const MIN_HELD_OUT = 10;

/** Which rows are set aside. */
export interface HeldOutChoice {
  /** Part of all rows, 0.01 to 0.5. At most 100000 rows are set aside, and 10000000 cells. */
  readonly share: number;
  /** Secret seed of the draw: the same table and seed give the same rows. */
  readonly seed: Uint8Array;
  /** Sets none aside, in place of refusing, where they or the others would be too few. */
  readonly orNone?: boolean | undefined;
  /**
   * Draws whatever the targets are. In a private dataset one changed target may move no other row. Default: of a target of few values the
   * same part of each.
   */
  readonly unstratified?: boolean | undefined;
}

/** The rows that were set aside, as features. */
export interface HeldOutRows extends Table {
  /** The same rows as text of a CSV file, with the columns of the table that they came from. */
  csv(): string;
}

/** A table in two parts, each in the order of the file. */
interface Parts {
  readonly train: RawTable;
  readonly heldOut: RawTable | undefined;
}

/** @throws TrainingError VT7501 */
export function checkHeldOut(choice: HeldOutChoice | undefined): void {
  if (choice === undefined || (choice.share >= 0.01 && choice.share <= 0.5)) return;
  throw new TrainingError('VT7501', 'the share of rows that are set aside is 0.01 to 0.5', {
    share: choice.share,
  });
}

/**
 * Draws the rows that are set aside; of a target of 2 to 16 values the same part of each.
 * @throws TrainingError VT7008 where fewer than 10 rows would be set aside, or fewer than 30 left
 */
export function holdOut(table: RawTable, choice: HeldOutChoice | undefined): Parts {
  if (choice === undefined) return { train: table, heldOut: undefined };
  const drbg = new Drbg(hashParts('veritrain/held-out/1', choice.seed));
  const isHeldOut = new Uint8Array(table.rows);
  const share = Math.min(choice.share, mostHeldOut(table) / table.rows);
  let seen = 0;
  for (const rows of choice.unstratified === true ? [allOf(table.targets)] : strata(table.targets)) {
    drbg.shuffle(rows);
    // By the rows so far, so that rounding does not add up.
    const count = Math.round((seen + rows.length) * share) - Math.round(seen * share);
    for (const row of rows.subarray(0, count)) isHeldOut[row] = 1;
    seen += rows.length;
  }
  const rowsWith = (value: number): Uint32Array =>
    Uint32Array.from(table.targets.keys()).filter((row) => isHeldOut[row] === value);
  const [train, heldOut] = [rowsWith(0), rowsWith(1)];
  if (heldOut.length < MIN_HELD_OUT || train.length < MIN_ROWS) {
    if (choice.orNone === true) return { train: table, heldOut: undefined };
    const { source, rows } = table;
    const what = `${source} has ${String(rows)} rows: ${String(heldOut.length)} to set aside, ${String(train.length)} to train on`;
    throw new TrainingError('VT7008', what, { source, rows, heldOut: heldOut.length, train: train.length });
  }
  return { train: someRows(table, train), heldOut: someRows(table, heldOut) };
}

const mostHeldOut = ({ columns }: RawTable): number =>
  Math.min(MAX_ROWS_IN_MEMORY, Math.floor(MAX_HELD_OUT_CELLS / columns.length));
const allOf = (targets: Float64Array): Uint32Array => Uint32Array.from(targets.keys());

/** The rows of each value of the target, in ascending order, where it has few values; else all rows. */
function strata(targets: Float64Array): Uint32Array[] {
  const all = allOf(targets);
  const values = new Set<number>();
  for (const target of targets) {
    values.add(target);
    if (values.size > MAX_CLASSES) return [all];
  }
  return [...values].sort((a, b) => a - b).map((value) => all.filter((row) => targets[row] === value));
}

/** The rows of a table as text of a CSV file. */
export function rawCsv(table: RawTable): string {
  const width = table.columns.length;
  const cellOf = (value: number, place: number): number | string =>
    Number.isNaN(value) ? '' : (table.columns[place]?.levels?.[value] ?? value);
  const rows: (number | string)[][] = [];
  for (const cells of blocksOf(table, width)) {
    for (let start = 0; start < cells.length; start += width)
      rows.push(Array.from(cells.subarray(start, start + width), cellOf));
  }
  return plainCsvText(
    table.columns.map(({ name }) => name),
    rows,
  );
}
