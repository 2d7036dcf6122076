import { createHash } from 'node:crypto';
import { TrainingError } from '../errors.js';
import { columnName } from './columnName.js';
import type { CsvOptions } from './csvOptions.js';

/** How pandas calls a column that has no name. */
const UNNAMED = /^(Unnamed: \d+)?$/;

/** A header line, its leading columns without a name told apart. */
export interface Header {
  /** Names of the columns that are kept, as columns are compared by. */
  readonly names: readonly string[];
  /** How many columns before them are left out. */
  readonly leftOut: number;
}

/**
 * Tells the columns of a table from its row numbers and row names, which R and pandas write under an empty header cell.
 * @param cells of the first row, as R writes one more than the header has
 */
export function readHeader(record: readonly string[], cells: number, index: CsvOptions['index']): Header {
  const isShort = index !== undefined && cells === record.length + 1;
  const names = (isShort ? ['', ...record] : record).map(columnName);
  const named = names.findIndex((name) => !UNNAMED.test(name));
  const leftOut = Math.max(0, named);
  if (index !== 'keep') return { names: names.slice(leftOut), leftOut };
  const kept = names
    .slice(0, leftOut)
    .map((_, place) => (place === 0 ? 'index' : `index ${String(place + 1)}`));
  return { names: [...kept, ...names.slice(leftOut)], leftOut: 0 };
}

/** Looks whether a column numbers or names the rows, with 8 bytes of memory a row. */
export class IndexColumn {
  #rows = 0;
  #last = NaN;
  #counts = true;
  /** Hashes of 52 bits: of 4000000 different names two are the same once in 600 tables, which are refused then. */
  #hashes = new Float64Array(1024);

  add(cell: string): void {
    const value = cell === '' ? NaN : Number(cell);
    this.#counts &&= this.#rows === 0 ? Number.isInteger(value) : value === this.#last + 1;
    this.#last = value;
    if (this.#rows === this.#hashes.length) {
      const longer = new Float64Array(2 * this.#rows);
      longer.set(this.#hashes);
      this.#hashes = longer;
    }
    const digest = createHash('sha1').update(cell).digest();
    this.#hashes[this.#rows++] = digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4);
  }

  /** @throws TrainingError VT7003 where the column neither counts nor is different in every row */
  end(source: string, column: number): void {
    if (this.#counts) return;
    const hashes = this.#hashes.subarray(0, this.#rows).sort();
    if (!hashes.some((hash, place) => hash === hashes[place + 1])) return;
    const what = `${source}: column ${String(column)} has no name, and as its values repeat it is no index either`;
    throw new TrainingError('VT7003', what, { source, column });
  }
}
