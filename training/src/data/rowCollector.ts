import { TrainingError } from '../errors.js';
import { checkHeader, checkRowCount, refuseConstant, refuseRagged } from './checks.js';
import type { CsvOptions, DecimalMark, TableReading } from './csvOptions.js';
import { IndexColumn, readHeader } from './indexColumn.js';
import { NumberReader, valueWith } from './numberReader.js';
import { BLOCK_ROWS } from './rowBlock.js';
import type { RowStore, RowTable } from './rowTable.js';

/** What a collector must know. */
export interface CollectorOptions extends CsvOptions {
  readonly source: string;
  readonly target: string;
  /** Most rows. */
  readonly most: number;
}

/** The columns that the header names, and the rows that wait to be stored. */
interface Columns {
  readonly header: readonly string[];
  readonly targetIndex: number;
  /** Columns before the header's, left out. */
  readonly index: readonly IndexColumn[];
  readonly block: Float64Array;
  /** First value of each column, by the place in a row of the store, and with which decimal marks another was seen. */
  readonly first: Float64Array;
  readonly varies: Readonly<Record<DecimalMark, Uint8Array>>;
}

/** Takes the records of a CSV file, header first, checks them, and stores them as rows. */
export class RowCollector {
  readonly #store: RowStore;
  readonly #options: CollectorOptions;
  readonly #numbers: NumberReader;
  #header: readonly string[] | undefined;
  #columns: Columns | undefined;
  #targets = new Float64Array(BLOCK_ROWS);
  #rows = 0;

  constructor(store: RowStore, options: CollectorOptions) {
    this.#store = store;
    this.#options = options;
    this.#numbers = new NumberReader(options.source, options);
  }

  /** Rows so far. */
  get count(): number {
    return this.#rows;
  }

  /** What was recognised of the table's numbers and columns. */
  get reading(): Pick<TableReading, 'decimal' | 'thousands' | 'leftOut'> {
    return { ...this.#numbers.reading, leftOut: this.#columns?.index.length ?? 0 };
  }

  /** @throws TrainingError VT7001 to VT7006, VT7009, VT7010, VT7012 */
  add(record: readonly string[]): void {
    if (this.#header === undefined) this.#header = record;
    else this.#addRow(record, (this.#columns ??= this.#begin(this.#header, record.length)));
  }

  /** @throws TrainingError VT7002, VT7003, VT7007, VT7008, VT7013 */
  end(): RowTable {
    const { source, target, most } = this.#options;
    const header = this.#header ?? [];
    const columns = (this.#columns ??= this.#begin(header, header.length));
    checkRowCount(this.#rows, source, most);
    this.#numbers.end();
    columns.index.forEach((column, place) => column.end(source, place + 1));
    this.#flush(columns);
    const features = columns.header.filter((column) => column !== target);
    const varies = columns.varies[this.#numbers.reading.decimal ?? '.'];
    const constant = [...features, target].find((_, place) => varies[place] === 0);
    if (constant !== undefined) refuseConstant(source, constant);
    const targets = this.#targets.slice(0, this.#rows);
    this.#numbers.settle(targets);
    return {
      source,
      target,
      columns: features,
      rows: this.#rows,
      features: features.length,
      targets,
      read: (first, cells) => {
        this.#store.read(first, cells);
        this.#numbers.settle(cells);
      },
    };
  }

  #begin(record: readonly string[], cells: number): Columns {
    const { source, target, index } = this.#options;
    const { names, leftOut } = readHeader(record, cells, index);
    checkHeader(names, { source, target, leftOut });
    const width = names.length;
    return {
      header: names,
      targetIndex: names.indexOf(target),
      index: Array.from({ length: leftOut }, () => new IndexColumn()),
      block: new Float64Array(BLOCK_ROWS * width),
      first: new Float64Array(width),
      varies: { '.': new Uint8Array(width), ',': new Uint8Array(width) },
    };
  }

  #addRow(record: readonly string[], columns: Columns): void {
    const { source, most } = this.#options;
    const width = columns.header.length;
    const leftOut = columns.index.length;
    if (record.length !== leftOut + width)
      refuseRagged(source, this.#rows + 1, record.length, leftOut + width);
    if (this.#rows === most)
      throw new TrainingError('VT7009', `${source} has more than ${String(most)} rows`, { source, most });
    const start = (this.#rows % BLOCK_ROWS) * width;
    const row = columns.block.subarray(start, start + width);
    if (this.#options.index === undefined)
      columns.index.forEach((column, place) => column.add((record[place] ?? '').trim()));
    this.#readCells(record, columns, row);
    if (this.#rows === 0) columns.first.set(row);
    else this.#compare(row, columns);
    this.#keepTarget(row[width - 1] ?? 0);
    this.#rows += 1;
    if (this.#rows % BLOCK_ROWS === 0) this.#store.append({ rows: BLOCK_ROWS, cells: columns.block });
  }

  #readCells(
    record: readonly string[],
    { header, targetIndex, index: { length: leftOut } }: Columns,
    row: Float64Array,
  ): void {
    let feature = 0;
    for (let index = 0; index < header.length; index++) {
      const cell = (record[leftOut + index] ?? '').trim();
      const value = this.#numbers.read(cell, this.#rows + 2, header[index] ?? '');
      row[index === targetIndex ? header.length - 1 : feature++] = value;
    }
  }

  #compare(row: Float64Array, { first, varies }: Columns): void {
    for (let place = 0; place < row.length; place++) {
      const [value = 0, before = 0] = [row[place], first[place]];
      if (value === before) continue;
      if (valueWith('.', value) !== valueWith('.', before)) varies['.'][place] = 1;
      if (valueWith(',', value) !== valueWith(',', before)) varies[','][place] = 1;
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
