/** The bytes that some systems end files with: NUL and Ctrl-Z. */
const END_OF_FILE = '\0\u001a';

/** Whether a record is a line of such bytes. */
export const isEndOfFile = (record: readonly string[]): boolean =>
  record.length === 1 && record[0] !== '' && lengthToEndOfFile(record[0] ?? '') === 0;

function lengthToEndOfFile(text: string): number {
  let length = text.length;
  while (length > 0 && END_OF_FILE.includes(text.charAt(length - 1))) length--;
  return length;
}

/**
 * Cuts CSV text into whole lines, and ends each with LF: CR, LF and CRLF end one, each by itself, but within quotes they
 * belong to the cell. A quote opens where a cell begins, and nowhere else.
 */
export class LineEnds {
  readonly #delimiter: string;
  #rest = '';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Characters of a line that has not ended. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The lines that end in the text so far. */
  push(text: string): string {
    const known = this.#rest + text;
    const { lines, length } = known.includes('"') ? this.#quotedLines(known) : plainLines(known);
    this.#rest = known.slice(length);
    return lines;
  }

  /** The last line, without the NUL and Ctrl-Z bytes that some systems end files with. An open quote stays open. */
  end(): string {
    this.#rest = this.#rest.slice(0, lengthToEndOfFile(this.#rest));
    return this.push('\n') + this.#rest;
  }

  #quotedLines(text: string): Lines {
    const marks = /["\r\n]/g;
    let lines = '';
    let length = 0;
    for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
      const at = mark.index;
      if (mark[0] === '"') {
        if (at > length && text[at - 1] !== this.#delimiter) continue;
        const end = quoteEnd(text, at);
        if (end === undefined) break;
        marks.lastIndex = end;
        continue;
      }
      if (mark[0] === '\r' && at === text.length - 1) break;
      lines += `${text.slice(length, at)}\n`;
      length = marks.lastIndex = text.startsWith('\r\n', at) ? at + 2 : at + 1;
    }
    return { lines, length };
  }
}

/** Whole lines, and how many characters of the text they were. */
interface Lines {
  readonly lines: string;
  readonly length: number;
}

function plainLines(text: string): Lines {
  // A CR at the end may be half of a CRLF.
  const known = text.endsWith('\r') ? text.length - 2 : text.length;
  const last = known < 0 ? -1 : Math.max(text.lastIndexOf('\n', known), text.lastIndexOf('\r', known));
  const lines = text.slice(0, last + 1);
  return { lines: lines.includes('\r') ? lines.replace(/\r\n?/g, '\n') : lines, length: last + 1 };
}

/** Where the text goes on behind a quoted cell; undefined where that is not known yet. */
function quoteEnd(text: string, open: number): number | undefined {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 || at === text.length - 1 ? undefined : at + 1;
}
