import { TrainingError } from '../errors.js';
import { refuseCell, refuseText } from './cell.js';
import type { CsvOptions, DecimalMark, TableReading, ThousandsMark } from './csvOptions.js';
import { MAX_MAGNITUDE } from './limits.js';
import { shown } from './shown.js';

const PLAIN: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  ',': /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/,
};
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^[+-]?[1-9]\d{0,2}(?:([,'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?$/,
  ',': /^[+-]?[1-9]\d{0,2}(?:([.'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:,\d*)?$/,
};

/** Whether a cell is a number in any notation. */
export const looksNumeric = (cell: string): boolean =>
  [PLAIN, GROUPED].some((forms) => forms['.'].test(cell) || forms[','].test(cell));

/** One way to write all numbers of a table: a decimal mark, and at most one mark between thousands. */
class Notation {
  /** Given, or the first that was met. */
  thousands: ThousandsMark | undefined;

  constructor(
    readonly decimal: DecimalMark,
    thousands: ThousandsMark | undefined,
  ) {
    this.thousands = thousands;
  }

  /** NaN where the cell is no number so. */
  read(cell: string): number {
    if (PLAIN[this.decimal].test(cell)) return this.#value(cell);
    const mark = GROUPED[this.decimal].exec(cell)?.[1];
    if (mark === undefined) return NaN;
    this.thousands ??= kindOf(mark);
    return this.thousands === kindOf(mark) ? this.#value(cell.replaceAll(mark, '')) : NaN;
  }

  #value(digits: string): number {
    return Number(this.decimal === '.' ? digits : digits.replace(',', '.'));
  }
}

function kindOf(mark: string): ThousandsMark {
  if (mark === ',' || mark === '.') return mark;
  return mark === "'" || mark === '’' ? "'" : ' ';
}

/**
 * A cell such as 1.234 is kept as 1234 · 2^500 until another cell decides the notation, and one such as 1,234 as
 * 1234 · 2^600: both lie beyond MAX_MAGNITUDE, and lose no digit.
 */
const OPEN: Readonly<Record<DecimalMark, number>> = { '.': 2 ** 500, ',': 2 ** 600 };

/** A value as it is with a decimal mark, exactly what its text would give. */
export function valueWith(decimal: DecimalMark, value: number): number {
  if (Math.abs(value) <= MAX_MAGNITUDE) return value;
  const mark = Math.abs(value) < OPEN[','] ? '.' : ',';
  const digits = value / OPEN[mark];
  return mark === decimal ? digits / 1000 : digits;
}

/** A cell of the table. */
interface Place {
  readonly cell: string;
  readonly row: number;
  readonly column: string;
}

/**
 * Reads the numbers of one table. Every notation that reads all cells so far stays possible; the first cell that only
 * one of them reads decides. Until then cells that differ stay open: see {@link NumberReader.settle}.
 */
export class NumberReader {
  readonly #source: string;
  #notations: readonly [Notation, Notation?];
  #deciding: Place | undefined;
  #firstOpen: Place | undefined;

  constructor(source: string, { decimal, thousands }: CsvOptions) {
    this.#source = source;
    const notation = (mark: DecimalMark): Notation => new Notation(mark, thousands);
    const only = decimal ?? (thousands === ',' ? '.' : thousands === '.' ? ',' : undefined);
    this.#notations = only === undefined ? [notation('.'), notation(',')] : [notation(only)];
  }

  /** The marks that are given, or that cells have shown. */
  get reading(): Pick<TableReading, 'decimal' | 'thousands'> {
    const [notation, other] = this.#notations;
    const { decimal, thousands } = notation;
    return {
      ...(other === undefined && { decimal }),
      ...(thousands !== undefined && thousands !== 'none' && { thousands }),
    };
  }

  /** A cell without space around it, as a number or as one that is open. @throws TrainingError VT7004, VT7005, VT7006 */
  read(cell: string, row: number, column: string): number {
    const [notation, other] = this.#notations;
    const value = notation.read(cell);
    if (other === undefined) return this.#checked(value, cell, row, column);
    const second = other.read(cell);
    // Neither is NaN.
    if (Math.abs(value - second) > 0) {
      this.#firstOpen ??= { cell, row, column };
      return (Math.abs(value) > Math.abs(second) ? value : second) * OPEN[cell.includes('.') ? '.' : ','];
    }
    const read = this.#checked(Number.isNaN(value) ? second : value, cell, row, column);
    if (value !== second) {
      this.#notations = [Number.isNaN(value) ? other : notation];
      this.#deciding = { cell, row, column };
    }
    return read;
  }

  /** After the last cell. @throws TrainingError VT7013 where cells have two readings and nothing decides */
  end(): void {
    if (this.reading.decimal !== undefined || this.#firstOpen === undefined) return;
    const { cell, row, column } = this.#firstOpen;
    const [point = NaN, comma = NaN] = this.#notations.map((notation) => notation?.read(cell));
    const where = `${this.#source}, row ${String(row)}, column ${shown(column)}`;
    const what = `${shown(cell)} is ${String(point)} with a decimal point and ${String(comma)} with a decimal comma`;
    const facts = { source: this.#source, row, column, cell, withPoint: point, withComma: comma };
    throw new TrainingError('VT7013', `${where}: ${what}, and no cell of the table decides`, facts);
  }

  /** Settles cells that were open when they were read, in place; after {@link NumberReader.end}. */
  settle(cells: Float64Array): void {
    if (this.#firstOpen === undefined) return;
    const decimal = this.reading.decimal ?? '.';
    for (let place = 0; place < cells.length; place++) cells[place] = valueWith(decimal, cells[place] ?? 0);
  }

  #checked(value: number, cell: string, row: number, column: string): number {
    if (Math.abs(value) <= MAX_MAGNITUDE) return value + 0; // no negative zero
    if (Number.isNaN(value)) return this.#refuse(cell, row, column);
    return refuseCell('VT7006', 'out of range', { source: this.#source, row, column }, cell);
  }

  #refuse(cell: string, row: number, column: string): never {
    const by = this.#deciding;
    const why =
      by === undefined || !looksNumeric(cell)
        ? ''
        : `: the table has a decimal ${this.reading.decimal === ',' ? 'comma' : 'point'} by ${shown(by.cell)} in row ${String(by.row)}`;
    return refuseText(cell, { source: this.#source, row, column }, why);
  }
}
