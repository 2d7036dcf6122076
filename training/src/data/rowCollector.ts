import { checkHeader, checkRowCount, placeIn, refuseConstant, refuseRagged, refuseRows } from './checks.js';
import { columnName } from './columnName.js';
import { ColumnReader } from './columnReader.js';
import type { CsvOptions, DecimalMark, TableReading } from './csvOptions.js';
import { IndexColumn, readHeader } from './indexColumn.js';
import { NumberReader, valueWith } from './numberReader.js';
import type { RawTable } from './rawTable.js';
import type { RecipeChoices } from './recipe/choices.js';
import { BLOCK_ROWS } from './rowBlock.js';
import type { RowStore } from './rowTable.js';

/** What a collector must know. */
export interface CollectorOptions extends CsvOptions, RecipeChoices {
  readonly source: string;
  readonly target: string;
  /** Most rows of a table of so many columns. */
  readonly most: (columns: number) => number;
}

/** The columns that the header names, and the rows that wait to be stored. */
interface Columns {
  /** Cells of a record, columns before the header's included. */
  readonly width: number;
  /** The columns that are read, the target last, and where their cells stand in a record. */
  readonly names: readonly string[];
  /** Most rows. */
  readonly most: number;
  readonly places: readonly number[];
  readonly readers: readonly ColumnReader[];
  /** The same columns in the order of the file. */
  readonly order: readonly number[];
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
  get reading(): Pick<TableReading, 'madeFrom' | 'decimal' | 'thousands' | 'leftOut'> {
    const { madeFrom } = this.#options;
    const leftOut = this.#columns?.index.length ?? 0;
    return { ...(madeFrom && { madeFrom }), ...this.#numbers.reading, leftOut };
  }

  /** @throws TrainingError VT7001 to VT7006, VT7009, VT7010, VT7012 */
  add(record: readonly string[]): void {
    if (this.#header === undefined) this.#header = record;
    else this.#addRow(record, (this.#columns ??= this.#begin(this.#header, record.length)));
  }

  /** @throws TrainingError VT7002, VT7003, VT7007, VT7008, VT7011, VT7013 */
  end(): RawTable {
    const { source } = this.#options;
    const header = this.#header ?? [];
    const columns = (this.#columns ??= this.#begin(header, header.length));
    checkRowCount(this.#rows, source, columns.most);
    this.#numbers.end();
    columns.index.forEach((column, place) => column.end(source, place + 1));
    this.#flush(columns);
    const varies = columns.varies[this.#numbers.reading.decimal ?? '.'];
    const constant = columns.names.filter((_, place) => varies[place] === 0);
    if (constant.length > 0) refuseConstant(source, constant);
    const targets = this.#targets.slice(0, this.#rows);
    this.#numbers.settle(targets);
    return {
      source,
      columns: columns.names.map((name, place) => ({ name, levels: columns.readers[place]?.levels })),
      rows: this.#rows,
      targets,
      read: (first, cells) => {
        this.#store.read(first, cells);
        this.#numbers.settle(cells);
      },
    };
  }

  #begin(record: readonly string[], cells: number): Columns {
    const { source, target, index, missing } = this.#options;
    const drop = (this.#options.drop ?? []).map(columnName);
    const categories = (this.#options.categories ?? []).map(columnName);
    const { names: header, leftOut } = readHeader(record, cells, index);
    checkHeader(header, { source, target, leftOut, drop });
    for (const name of [...drop, ...categories]) placeIn(header, name, source);
    const features = header.filter((name) => name !== target && !drop.includes(name));
    const names = [...features, target];
    const width = names.length;
    const readerOf = (name: string): ColumnReader =>
      new ColumnReader(this.#numbers, {
        source,
        name,
        kind: categories.includes(name) ? 'text' : undefined,
        mayMiss: missing === 'fill' && name !== target,
      });
    const places = names.map((name) => leftOut + header.indexOf(name));
    return {
      width: leftOut + header.length,
      names,
      most: this.#options.most(width),
      places,
      order: [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0)),
      readers: names.map(readerOf),
      index: Array.from({ length: leftOut }, () => new IndexColumn()),
      block: new Float64Array(BLOCK_ROWS * width),
      first: new Float64Array(width),
      varies: { '.': new Uint8Array(width), ',': new Uint8Array(width) },
    };
  }

  #addRow(record: readonly string[], columns: Columns): void {
    const { source } = this.#options;
    if (record.length !== columns.width) refuseRagged(source, this.#rows + 1, record.length, columns.width);
    if (this.#rows === columns.most) refuseRows(source, columns.most, columns.names.length);
    const width = columns.names.length;
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

  /** In the order of the file, so that the first fault is the one that is named. */
  #readCells(record: readonly string[], { places, readers, order }: Columns, row: Float64Array): void {
    for (const place of order)
      row[place] = readers[place]?.read((record[places[place] ?? 0] ?? '').trim(), this.#rows + 2) ?? NaN;
  }

  #compare(row: Float64Array, { first, varies }: Columns): void {
    for (let place = 0; place < row.length; place++) {
      const [value = 0, before = 0] = [row[place], first[place]];
      if (value === before || Number.isNaN(value)) continue;
      if (Number.isNaN(before)) {
        first[place] = value;
        continue;
      }
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
  #flush({ block, names }: Columns): void {
    const rows = this.#rows % BLOCK_ROWS;
    if (rows > 0) this.#store.append({ rows, cells: block.subarray(0, rows * names.length) });
  }
}
