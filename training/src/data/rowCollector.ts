import { TrainingError } from '../errors.js';
import { columnName } from './columnName.js';
import { MAX_ROWS } from './limits.js';
import { BLOCK_ROWS } from './rowBlock.js';
import type { RowStore, RowTable } from './rowTable.js';
import { checkHeader, checkRowCount, readNumber, refuseConstant, refuseRagged } from './table.js';

/** The columns that the header names, and the rows that wait to be stored. */
interface Columns {
  readonly header: readonly string[];
  readonly targetIndex: number;
  readonly block: Float64Array;
  /** First value of each column, by the place in a row of the store, and whether another one was seen. */
  readonly first: Float64Array;
  readonly varies: Uint8Array;
}

/** Takes the records of a CSV file, header first, checks them, and stores them as rows. */
export class RowCollector {
  readonly #store: RowStore;
  readonly #names: { readonly source: string; readonly target: string };
  #columns: Columns | undefined;
  #targets = new Float64Array(BLOCK_ROWS);
  #rows = 0;

  constructor(store: RowStore, names: { readonly source: string; readonly target: string }) {
    this.#store = store;
    this.#names = names;
  }

  /** Rows so far. */
  get count(): number {
    return this.#rows;
  }

  /** @throws TrainingError VT7001 to VT7006, VT7009, VT7010 */
  add(record: readonly string[]): void {
    if (this.#columns === undefined) this.#columns = this.#begin(record);
    else this.#addRow(record, this.#columns);
  }

  /** @throws TrainingError VT7002, VT7007, VT7008 */
  end(): RowTable {
    const { source, target } = this.#names;
    const columns = this.#columns ?? this.#begin([]);
    checkRowCount(this.#rows, source, MAX_ROWS);
    this.#flush(columns);
    const features = columns.header.filter((column) => column !== target);
    const constant = [...features, target].find((_, place) => columns.varies[place] === 0);
    if (constant !== undefined) refuseConstant(source, constant);
    return {
      source,
      target,
      columns: features,
      rows: this.#rows,
      features: features.length,
      targets: this.#targets.slice(0, this.#rows),
      read: (first, cells) => this.#store.read(first, cells),
    };
  }

  #begin(record: readonly string[]): Columns {
    const { source, target } = this.#names;
    const header = record.map(columnName);
    checkHeader(header, target, source);
    const width = header.length;
    return {
      header,
      targetIndex: header.indexOf(target),
      block: new Float64Array(BLOCK_ROWS * width),
      first: new Float64Array(width),
      varies: new Uint8Array(width),
    };
  }

  #addRow(record: readonly string[], columns: Columns): void {
    const { source } = this.#names;
    const width = columns.header.length;
    if (record.length !== width) refuseRagged(source, this.#rows + 1, record.length, width);
    if (this.#rows === MAX_ROWS) {
      const facts = { source, most: MAX_ROWS };
      throw new TrainingError('VT7009', `${source} has more than ${MAX_ROWS} rows`, facts);
    }
    const start = (this.#rows % BLOCK_ROWS) * width;
    const row = columns.block.subarray(start, start + width);
    this.#readCells(record, columns, row);
    if (this.#rows === 0) columns.first.set(row);
    else
      for (let place = 0; place < width; place++)
        if (row[place] !== columns.first[place]) columns.varies[place] = 1;
    this.#keepTarget(row[width - 1] ?? 0);
    this.#rows += 1;
    if (this.#rows % BLOCK_ROWS === 0) this.#store.append({ rows: BLOCK_ROWS, cells: columns.block });
  }

  #readCells(record: readonly string[], { header, targetIndex }: Columns, row: Float64Array): void {
    let feature = 0;
    for (let index = 0; index < header.length; index++) {
      const cell = (record[index] ?? '').trim();
      const value = readNumber(cell, this.#names.source, this.#rows + 2, header[index] ?? '');
      row[index === targetIndex ? header.length - 1 : feature++] = value;
    }
  }

  #keepTarget(target: number): void {
    if (this.#rows === this.#targets.length) {
      const longer = new Float64Array(2 * this.#rows);
      longer.set(this.#targets);
      this.#targets = longer;
    }
    this.#targets[this.#rows] = target;
  }

  /** The rows that fill no whole block. */
  #flush({ block, header }: Columns): void {
    const rows = this.#rows % BLOCK_ROWS;
    if (rows > 0) this.#store.append({ rows, cells: block.subarray(0, rows * header.length) });
  }
}
