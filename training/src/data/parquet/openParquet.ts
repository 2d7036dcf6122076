import type { FileMetaData, ParquetScan, SchemaTree } from 'hyparquet';
import { TrainingError } from '../../errors.js';
import type { CsvOptions } from '../csvOptions.js';
import { plainCsvText } from '../csvText.js';
import { shown } from '../shown.js';
import { cellOf, isFlat, isText } from './cells.js';

/** A file that can be read anywhere, as Parquet needs it: its directory is at the end. */
export interface ReadableFile {
  /** Its size in bytes. */
  readonly byteLength: number;
  /** Its bytes from `start` to before `end`, or to its end. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Choices of {@link openParquet}. */
export interface OpenParquetOptions {
  /** Name of the file, for messages. */
  readonly source: string;
  /** Whether a column's cells are wanted. Those of others are left empty, and may be of any type. Default: all are. */
  readonly needs?: ((column: string) => boolean) | undefined;
}

/** A Parquet file as the CSV that it says the same as. */
export interface ParquetTable {
  /** UTF-8, in pieces, made while they are asked for. */
  readonly csv: AsyncIterable<Uint8Array>;
  /** How that is written. */
  readonly written: CsvOptions;
  /** Columns of text, by the file's own types: categories, even where their cells look like numbers. */
  readonly texts: readonly string[];
}

/** The format in which {@link openParquet} writes. */
const written: CsvOptions = { delimiter: ',', decimal: '.', thousands: 'none', madeFrom: 'parquet' };
/** Most cells that are in memory at a time, whatever the file's row groups. */
const WINDOW_CELLS = 2 ** 21;
const BLOCK_ROWS = 1024;
/** How pandas calls an index that it writes as a column. */
const INDEX = /^__index_level_\d+__$/;

/** Whether bytes begin as a Parquet file does. */
export const isParquet = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1';

interface Column {
  readonly name: string;
  readonly isNeeded: boolean;
}

/**
 * Opens a Parquet file as a table, so that all that reads CSV reads it. Cells without a value, and NaN, are missing ones; dates are
 * texts as ISO 8601 has them, so that they are refused as in CSV. Compressed by Snappy, gzip, Brotli, LZ4 or zstd.
 * @throws TrainingError VT7001 for a file that is damaged or encrypted, VT7017 for a column of lists, structures or bytes that is
 * needed; both also while the text is read; whatever the file throws
 */
export async function openParquet(
  file: ReadableFile,
  { source, needs = () => true }: OpenParquetOptions,
): Promise<ParquetTable> {
  const faults = new FileFaults(source, file);
  const { scan, schema } = await faults.read(() => scanOf(faults.file));
  const columns = schema.map(({ element: { name } }) => ({ name, isNeeded: needs(name) }));
  const refused = schema.find((column) => needs(column.element.name) && !isFlat(column));
  if (refused !== undefined) refuseNested(source, refused.element.name);
  columns.sort((a, b) => Number(INDEX.test(b.name)) - Number(INDEX.test(a.name)));
  return {
    csv: csvOf(scan, columns, faults),
    written,
    texts: schema
      .filter((column) => isText(column) && !INDEX.test(column.element.name))
      .map(({ element }) => element.name),
  };
}

async function scanOf(file: ReadableFile): Promise<{ scan: ParquetScan; schema: SchemaTree[] }> {
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const metadata = await parquetMetadataAsync(file);
  checkRows(metadata);
  const scan = await parquetScan({ file, metadata, compressors });
  return { scan, schema: parquetSchema(metadata).children };
}

/** A damaged number of rows would have the reader look for them for ever. */
function checkRows({ num_rows, row_groups }: FileMetaData): void {
  const counted = row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (counted !== num_rows || row_groups.some((group) => group.num_rows < 0n) || num_rows > most)
    throw new RangeError('its row groups do not have the rows that it says');
  for (const { num_rows: rows, columns } of row_groups)
    for (const { meta_data } of columns)
      if (meta_data?.path_in_schema.length === 1 && meta_data.num_values !== rows)
        throw new RangeError('a column has not one value for each row');
}

async function* csvOf(
  scan: ParquetScan,
  columns: readonly Column[],
  faults: FileFaults,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(
    plainCsvText(
      columns.map(({ name }) => (INDEX.test(name) ? '' : name)),
      [],
    ),
  );
  const windowRows = Math.max(1, Math.floor(WINDOW_CELLS / Math.max(1, columns.length)));
  for (const range of scan.ranges) {
    for (let rowStart = range.rowStart; rowStart < range.rowEnd; rowStart += windowRows) {
      const rowEnd = Math.min(range.rowEnd, rowStart + windowRows);
      const cells: ArrayLike<unknown>[] = [];
      for (const column of columns)
        cells.push(await faults.read(() => columnOf(scan, column, { rowStart, rowEnd })));
      yield* textOf(cells, rowEnd - rowStart, columns, faults.source);
    }
  }
}

async function columnOf(
  scan: ParquetScan,
  { name, isNeeded }: Column,
  range: { readonly rowStart: number; readonly rowEnd: number },
): Promise<ArrayLike<unknown>> {
  if (!isNeeded) return [];
  const values = await scan.readColumn({ column: name, ...range });
  if (values.length === range.rowEnd - range.rowStart) return values;
  throw new RangeError(`column ${shown(name)} has ${String(values.length)} values`);
}

function* textOf(
  cells: readonly ArrayLike<unknown>[],
  rows: number,
  columns: readonly Column[],
  source: string,
): Generator<Uint8Array> {
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const block = Array.from({ length: Math.min(BLOCK_ROWS, rows - first) }, (_, row) =>
      columns.map(({ name, isNeeded }, place) =>
        isNeeded ? (cellOf(cells[place]?.[first + row]) ?? refuseNested(source, name)) : '',
      ),
    );
    const [header = [], ...others] = block;
    yield Buffer.from(plainCsvText(header, others));
  }
}

function refuseNested(source: string, column: string): never {
  const what = `${source}: column ${shown(column)} holds lists, structures or bytes`;
  throw new TrainingError('VT7017', what, { source, column });
}

/** Tells what the file system says, which is passed on, from what the reader says of a damaged file. */
class FileFaults {
  readonly file: ReadableFile;
  #fault: unknown;

  constructor(
    readonly source: string,
    file: ReadableFile,
  ) {
    this.file = {
      byteLength: file.byteLength,
      slice: async (start, end) => {
        try {
          return await file.slice(start, end);
        } catch (error) {
          this.#fault = error;
          throw error;
        }
      },
    };
  }

  /** @throws TrainingError VT7001; what the file threw */
  async read<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (this.#fault !== undefined) throw this.#fault as Error;
      const { source } = this;
      const why = error instanceof Error ? error.message : String(error);
      throw new TrainingError(
        'VT7001',
        `${source} is a Parquet file, and cannot be read: ${why}`,
        { source },
        error,
      );
    }
  }
}
