import { TrainingError, type TrainingErrorCode } from '../errors.js';
import { shown } from './shown.js';

const MISSING = new Set(
  [
    '',
    '.',
    '..',
    '-',
    '--',
    '?',
    'na',
    'n/a',
    'n.a.',
    'nan',
    '-nan',
    '<na>',
    'null',
    'nil',
    'none',
    '\\n',
  ].concat(
    ['#n/a', '#n/a n/a', '#na', '#null!', '#value!', '#ref!', '#name?', '#num!', '#div/0!'],
    ['1.#ind', '-1.#ind', '1.#qnan', '-1.#qnan'],
  ),
);
const INFINITE = /^[+-]?(inf|infinity|∞|1\.#inf)$/i;

/** Where a cell stands, for messages: the row as a spreadsheet counts, the column's name. */
export interface CellPlace {
  readonly source: string;
  readonly row: number;
  readonly column: string;
}

/** Cells that stand for no value, in small letters. */
export const missingTexts: readonly string[] = [...MISSING];

/** Whether a cell stands for no value. */
export const isMissing = (cell: string): boolean => MISSING.has(cell.toLowerCase());

/** Whether a cell stands for an infinite number. */
export const isInfinite = (cell: string): boolean => INFINITE.test(cell);

/** Refuses a cell that is no number. @throws TrainingError VT7004, VT7005, VT7006 */
export function refuseText(cell: string, place: CellPlace, why: string): never {
  if (isMissing(cell)) return refuseCell('VT7005', 'no value', place, cell);
  if (isInfinite(cell)) return refuseCell('VT7006', 'not finite', place, cell);
  return refuseCell('VT7004', `not a number${why}`, place, cell);
}

/** @throws TrainingError of the code, with the cell shortened and its characters to be seen */
export function refuseCell(code: TrainingErrorCode, why: string, place: CellPlace, cell: string): never {
  const { source, row, column } = place;
  const what = cell === '' ? why : `${shown(cell)} is ${why}`;
  throw new TrainingError(code, `${source}, row ${String(row)}, column ${shown(column)}: ${what}`, {
    ...place,
  });
}
