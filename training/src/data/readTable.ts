import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { TrainingError } from '../errors.js';
import { columnName } from './columnName.js';
import { RowCollector } from './rowCollector.js';
import type { RowStore, RowTable } from './rowTable.js';
import { refuseUnreadable, type TableOptions } from './table.js';

/** Text is parsed in pieces of at least so many characters, however the stream is cut; a row is shorter than two. */
const PIECE_CHARACTERS = 1024 * 1024;

/** Choices of {@link readTable}. */
export interface ReadTableOptions extends TableOptions {
  /** Told how many rows were read so far, once for each piece of about a million characters. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Reads a CSV stream (UTF-8, one header line) into a store of rows, with the targets and one piece of text in memory. The
 * first fault in the file is the one that is named; rows in messages are counted as in `parseTable`, and the same files
 * are accepted, but for the number of rows.
 * @throws TrainingError VT7001 to VT7010 and VT7012, as `parseTable`, with at most 4000000 rows; whatever the stream or the store throws
 */
export async function readTable(
  csv: AsyncIterable<Uint8Array>,
  store: RowStore,
  options: ReadTableOptions = {},
): Promise<RowTable> {
  const { source = 'table', onRows } = options;
  const target = columnName(options.target ?? 'target');
  const rows = new RowCollector(store, { source, target });
  await parse(Readable.from(textPieces(csv, source)), source, (records) => {
    for (const record of records) rows.add(record);
    onRows?.(rows.count);
  });
  return rows.end();
}

async function parse(text: Readable, source: string, take: (records: string[][]) => void): Promise<void> {
  let records = 0;
  let emptyPieces = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      Papa.parse<string[]>(text, {
        skipEmptyLines: 'greedy',
        // What throws in here comes back through `error`.
        chunk: ({ data, errors }) => {
          const problem = errors.find((error) => error.code !== 'UndetectableDelimiter');
          if (problem !== undefined) refuseUnreadable(source, records + (problem.row ?? 0), problem.message);
          emptyPieces = data.length === 0 ? emptyPieces + 1 : 0;
          if (emptyPieces > 2)
            refuseUnreadable(source, records, 'longer than a million characters; a quote is open');
          take(data);
          records += data.length;
        },
        complete: () => resolve(),
        error: reject,
      });
    });
  } finally {
    text.destroy();
  }
}

/** The text in pieces that are long enough to tell its delimiter and line ends by. */
async function* textPieces(csv: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const bytes of csv) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length < PIECE_CHARACTERS) continue;
      yield text;
      text = '';
    }
    text += decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TrainingError('VT7001', `${source} is not text in UTF-8`, { source }, error);
  }
  if (text !== '') yield text;
}
