import type { FileMetaData, ParquetScan, SchemaTree } from 'hyparquet';
import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { TrainingError } from '../../errors.js';
import { plainCsvText } from '../csvText.js';
import { shown } from '../shown.js';
import { cellOf, isFlat, isText } from './cells.js';
import type { ParquetTable, ReadableFile } from './openParquet.js';

/** Most cells that are in memory at a time, whatever the file's row groups. */
const WINDOW_CELLS = 2 ** 21;
const BLOCK_ROWS = 1024;
/** How pandas calls an index that it writes as a column. */
const INDEX = /^__index_level_\d+__$/;

interface Column {
  readonly name: string;
  readonly isNeeded: boolean;
}

/** A Parquet file whose directory was read. */
export interface OpenedFile {
  /** Names of all columns, in the file's order. */
  readonly columns: readonly string[];
  /**
   * The table, with cells of the columns that are needed.
   * @throws TrainingError VT7017 where one of these is no flat column
   */
  table(isNeeded: readonly boolean[]): Omit<ParquetTable, 'written'>;
}

/** Reads a file's directory. See `openParquet`, which does it in a thread. @throws TrainingError VT7001, also where the file throws */
export async function readParquet(file: ReadableFile, source: string): Promise<OpenedFile> {
  const { scan, schema } = await reading(source, () => scanOf(file));
  return {
    columns: schema.map(({ element: { name } }) => name),
    table(isNeeded) {
      const columns = schema.map(({ element: { name } }, place) => ({
        name,
        isNeeded: isNeeded[place] === true,
      }));
      const refused = schema.find((column, place) => isNeeded[place] === true && !isFlat(column));
      if (refused !== undefined) refuseNested(source, refused.element.name);
      columns.sort((a, b) => Number(INDEX.test(b.name)) - Number(INDEX.test(a.name)));
      return {
        csv: csvOf(scan, columns, source),
        texts: schema
          .filter((column) => isText(column) && !INDEX.test(column.element.name))
          .map(({ element }) => element.name),
      };
    },
  };
}

async function scanOf(file: ReadableFile): Promise<{ scan: ParquetScan; schema: SchemaTree[] }> {
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
  source: string,
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
        cells.push(await reading(source, () => columnOf(scan, column, { rowStart, rowEnd })));
      yield* textOf(cells, rowEnd - rowStart, columns, source);
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

/** What the reader says of a damaged file. @throws TrainingError VT7001 */
async function reading<Value>(source: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TrainingError(
      'VT7001',
      `${source} is a Parquet file, and cannot be read: ${why}`,
      { source },
      error,
    );
  }
}
