import { refuseUnreadable } from './checks.js';
import type { CsvOptions } from './csvOptions.js';
import { cellsOf, recogniseDelimiter } from './delimiter.js';
import { TrainingError } from '../errors.js';
import { isEndOfFile, LineEnds } from './lineEnds.js';

/** Text is parsed in pieces of so many characters; a row is shorter than two. */
export const PIECE_CHARACTERS = 1024 * 1024;

/** What a reader of records must know. */
export interface RecordOptions extends Pick<CsvOptions, 'delimiter'> {
  /** Name of the file, for messages. */
  readonly source: string;
  /** Columns that the header should have, by which a delimiter is told. */
  readonly expected: readonly string[];
}

/** The first line by which files tell Excel their delimiter. */
const SEPARATOR_LINE = /^"?sep=([^\r\n"])"?(\r\n|\r|\n)/i;

/** Reads CSV text, however it is cut, as records of cells, the header line first. */
export class RecordReader {
  readonly #options: RecordOptions;
  #lines: LineEnds | undefined;
  #delimiter = ',';
  #records = 0;
  #hasEnded = false;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  get delimiter(): string {
    return this.#delimiter;
  }

  /**
   * @param text at least PIECE_CHARACTERS the first time, or all of it: the delimiter is told by it
   * @throws TrainingError VT7001, VT7013
   */
  push(text: string): string[][] {
    if (this.#lines !== undefined) return this.#parse(this.#lines.push(text));
    const [hint = '', separator] = SEPARATOR_LINE.exec(text) ?? [];
    const rest = text.slice(hint.length);
    const { delimiter, source, expected } = this.#options;
    const head = { text: rest.slice(0, PIECE_CHARACTERS), isWhole: text.length < PIECE_CHARACTERS };
    this.#delimiter = delimiter ?? separator ?? recogniseDelimiter(head, source, expected);
    this.#lines = new LineEnds(this.#delimiter);
    return this.#parse(this.#lines.push(rest));
  }

  /** @throws TrainingError VT7001 */
  end(): string[][] {
    const records = this.#parse(this.#lines?.end() ?? '');
    if (this.#records > 0) return records;
    const { source } = this.#options;
    throw new TrainingError('VT7001', `${source} is empty`, { source });
  }

  #parse(lines: string): string[][] {
    const { source } = this.#options;
    const { records, problem } = cellsOf(lines, this.#delimiter);
    if (problem !== undefined) refuseUnreadable(source, this.#records + (problem.row ?? 0), problem.message);
    if ((this.#lines?.pending ?? 0) > 2 * PIECE_CHARACTERS)
      refuseUnreadable(source, this.#records, 'longer than a million characters; a quote is open');
    return records.filter((record) => this.#take(record));
  }

  /** Whether it is a record of the table. */
  #take(record: readonly string[]): boolean {
    const { source } = this.#options;
    if (isEndOfFile(record)) {
      this.#hasEnded = true;
      return false;
    }
    if (this.#hasEnded)
      refuseUnreadable(source, this.#records, 'it follows a line of control characters, U+0000 or U+001A');
    this.#records += 1;
    return true;
  }
}
