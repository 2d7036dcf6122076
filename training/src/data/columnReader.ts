import { TrainingError } from '../errors.js';
import { isInfinite, isMissing, refuseCell, type CellPlace } from './cell.js';
import { MAX_NAME_LENGTH, unseenCharacter } from './columnName.js';
import { looksNumeric, type NumberReader } from './numberReader.js';
import { shown } from './shown.js';

/** More different texts make no categories. */
const MAX_LEVELS = 10_000;
const DATE =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[- /][A-Za-z]{3,9}[- /,]+\d{2,4})([T ,].*)?$/;

/** What a column reader must know. */
export interface ColumnReaderOptions {
  readonly source: string;
  readonly name: string;
  /** What it holds, whatever its cells look like. Default: the first cell decides. */
  readonly kind?: 'number' | 'text' | undefined;
  /** Whether cells may have no value. */
  readonly mayMiss: boolean;
}

/** Reads the cells of one column. The first with a value says whether it holds numbers or texts; one of the other kind is refused. */
export class ColumnReader {
  readonly #options: ColumnReaderOptions;
  readonly #numbers: NumberReader;
  #kind: 'number' | 'text' | undefined;
  #firstText = '';
  readonly #codes = new Map<string, number>();

  constructor(numbers: NumberReader, options: ColumnReaderOptions) {
    this.#numbers = numbers;
    this.#options = options;
    this.#kind = options.kind;
  }

  /** Its texts by their codes; undefined for a column of numbers. */
  get levels(): readonly string[] | undefined {
    return this.#kind === 'text' ? [...this.#codes.keys()] : undefined;
  }

  /**
   * A cell without space around it: a number, a text's code, or NaN for no value.
   * @throws TrainingError VT7004, VT7005, VT7006, VT7012, VT7015, VT7016
   */
  read(cell: string, row: number): number {
    if (this.#options.mayMiss && isMissing(cell)) return NaN;
    this.#kind ??= this.#kindOf(cell, row);
    return this.#kind === 'number'
      ? this.#numbers.read(cell, row, this.#options.name)
      : this.#codeOf(cell, row);
  }

  #kindOf(cell: string, row: number): 'number' | 'text' {
    if (looksNumeric(cell) || isMissing(cell) || isInfinite(cell)) return 'number';
    if (!DATE.test(cell)) return 'text';
    return refuseCell('VT7016', 'a date', this.#place(row), cell);
  }

  #codeOf(cell: string, row: number): number {
    const { kind, source, name } = this.#options;
    if (isMissing(cell)) return refuseCell('VT7005', 'no value', this.#place(row), cell);
    const level = levelOf(cell);
    const known = this.#codes.get(level);
    if (known !== undefined) return known;
    if (kind === undefined && looksNumeric(cell)) {
      const why = `a number, and the column has text, such as ${shown(this.#firstText)}`;
      return refuseCell('VT7004', why, this.#place(row), cell);
    }
    if (unseenCharacter(level) !== undefined || level.length > MAX_NAME_LENGTH)
      return refuseCell('VT7012', 'a text with unseen or too many characters', this.#place(row), cell);
    if (this.#codes.size === MAX_LEVELS) {
      const what = `${source}: column ${shown(name)} has over ${String(MAX_LEVELS)} different texts`;
      throw new TrainingError('VT7015', what, { source, column: name, most: MAX_LEVELS });
    }
    this.#firstText ||= cell;
    this.#codes.set(level, this.#codes.size);
    return this.#codes.size - 1;
  }

  #place(row: number): CellPlace {
    return { source: this.#options.source, row, column: this.#options.name };
  }
}

/** A cell as levels are compared by: a plain number as itself, so that 1 and 1.0 are one level; a text in NFC. */
function levelOf(cell: string): string {
  return /^[+-]?\d+(\.\d*)?$/.test(cell) ? String(Number(cell) + 0) : cell.normalize('NFC');
}
