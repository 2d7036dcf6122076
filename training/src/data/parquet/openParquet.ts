import type { CsvOptions } from '../csvOptions.js';
import { ParquetThread } from './parquetThread.js';

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
  /**
   * Milliseconds that a window of some two million cells may take, or the directory; a file of which nothing came by then counts as
   * damaged. Default: 120,000.
   */
  readonly patienceMs?: number | undefined;
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
/** Whether bytes begin as a Parquet file does. */
export const isParquet = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1';

/**
 * Opens a Parquet file as a table, so that all that reads CSV reads it. Cells without a value, and NaN, are missing ones; dates are
 * texts as ISO 8601 has them, so that they are refused as in CSV. Compressed by Snappy, gzip, Brotli, LZ4 or zstd. A thread of its own
 * reads it, with a bound on its memory and on the time of each window, since a damaged file can say that it holds billions of values.
 * @throws TrainingError VT7001 for a file that is damaged or encrypted, VT7017 for a column of lists, structures or bytes that is
 * needed; both also while the text is read; whatever the file throws
 */
export async function openParquet(file: ReadableFile, options: OpenParquetOptions): Promise<ParquetTable> {
  const { csv, texts } = await ParquetThread.open(file, options);
  return { csv, written, texts };
}
