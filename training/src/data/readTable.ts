import { columnName } from './columnName.js';
import { checkTableOptions, finishTable, type ReadFacts } from './finishTable.js';
import { inflated } from './inflate.js';
import { MAX_ROWS } from './limits.js';
import { PIECE_CHARACTERS, RecordReader } from './recordReader.js';
import { RowCollector } from './rowCollector.js';
import type { RowStore, RowTable } from './rowTable.js';
import type { TableOptions } from './table.js';
import { TextReader } from './textReader.js';

/** Choices of {@link readTable}. */
export interface ReadTableOptions extends TableOptions {
  /** Told how many rows were read so far, once for each piece of about a million characters. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Reads a CSV stream (one header line) into a store of rows, with the targets and one piece of text in memory. The
 * first fault in the file is the one that is named, but what only the whole table shows comes last; rows in messages are
 * counted as in `parseTable`, and the same files are accepted and read the same, but for the number of rows.
 * @throws TrainingError VT7001 to VT7016 and VT7501, as `parseTable`, with at most 4000000 rows, or 8 GiB
 * of text where it is compressed; whatever the stream or the store throws
 */
export async function readTable(
  csv: AsyncIterable<Uint8Array>,
  store: RowStore,
  options: ReadTableOptions = {},
): Promise<RowTable & ReadFacts> {
  checkTableOptions(options);
  const { source = 'table', onRows } = options;
  const target = columnName(options.target ?? 'target');
  const rows = new RowCollector(store, { ...options, source, target, most: () => MAX_ROWS });
  const text = new TextReader(source);
  const records = new RecordReader({ ...options, source, expected: [target] });
  const take = (read: readonly string[][]): void => {
    for (const record of read) rows.add(record);
    onRows?.(rows.count);
  };
  const { compressed, bytes } = await inflated(csv, source);
  let piece = '';
  for await (const some of bytes) {
    piece += text.push(some);
    if (piece.length < PIECE_CHARACTERS) continue;
    take(records.push(piece));
    piece = '';
  }
  take(records.push(piece + text.end()));
  take(records.end());
  const { table, ...facts } = finishTable(rows.end(), options);
  const { encoding } = text;
  const reading = { compressed, encoding, delimiter: records.delimiter, ...rows.reading };
  return { ...table, ...facts, reading };
}
