import Papa from 'papaparse';
import { TrainingError } from '../errors.js';
import { isMissing } from './cell.js';
import { columnName } from './columnName.js';
import { isEndOfFile, LineEnds } from './lineEnds.js';
import { looksNumeric } from './numberReader.js';

/** A space last: names and numbers may have one. */
const CANDIDATES = [',', ';', '\t', '|', ' '];
const SAMPLE_ROWS = 500;

/** The beginning of a table. */
export interface TableHead {
  readonly text: string;
  /** Nothing follows it; else its last line may be cut. */
  readonly isWhole: boolean;
}

/** How the beginning looks with one delimiter. */
interface Cut {
  readonly delimiter: string;
  readonly columns: number;
  /** All rows have as many cells as the header. */
  readonly isRegular: boolean;
  /** The header has the names that are looked for. */
  readonly isNamed: boolean;
  /** The share of cells that are neither number nor missing. */
  readonly textShare: number;
}

/** Cells of whole lines that end with LF. */
export function cellsOf(
  lines: string,
  delimiter: string,
  preview = 0,
): { records: string[][]; problem: Papa.ParseError | undefined } {
  const { data, errors } = Papa.parse<string[]>(delimiter === ' ' ? singleSpaced(lines) : lines, {
    delimiter,
    newline: '\n',
    skipEmptyLines: 'greedy',
    preview,
  });
  return { records: data, problem: errors[0] };
}

/** Lines with one space between cells, and none around them. Quoted cells stay. */
function singleSpaced(lines: string): string {
  const cellOrSpaces = /(?<![^ \n])("[^"]*(?:""[^"]*)*")|(^ +| +$)| +/gm;
  return lines.replace(
    cellOrSpaces,
    (_, quoted?: string, edge?: string) => quoted ?? (edge === undefined ? ' ' : ''),
  );
}

/**
 * The delimiter under which the beginning of a table is regular, has the expected names, and has most numbers.
 * @throws TrainingError VT7013 where two are as good
 */
export function recogniseDelimiter(head: TableHead, source: string, expected: readonly string[]): string {
  const cuts = CANDIDATES.map((delimiter) => cutBy(delimiter, head, expected));
  const regular = cuts.filter((cut) => cut.isRegular && cut.columns > 1);
  if (regular.length === 0) return mostColumns(cuts);
  const named = regular.filter((cut) => cut.isNamed);
  const candidates = named.length > 0 ? named : regular;
  const least = Math.min(...candidates.map((cut) => cut.textShare));
  const [best, other] = candidates.filter((cut) => cut.textShare === least);
  if (best !== undefined && other === undefined) return best.delimiter;
  const what = [best, other]
    .map((cut) => `${JSON.stringify(cut?.delimiter)} (${String(cut?.columns)} columns)`)
    .join(' or ');
  throw new TrainingError('VT7013', `${source} may be divided by ${what}`, { source });
}

/** A table that is not regular is read so that the message names the row at fault. */
function mostColumns(cuts: readonly Cut[]): string {
  const several = cuts.filter(({ columns }) => columns > 1);
  const named = several.filter(({ isNamed }) => isNamed);
  const [best] = (named.length > 0 ? named : several.filter(({ delimiter }) => delimiter !== ' ')).sort(
    (a, b) => b.columns - a.columns,
  );
  return best?.delimiter ?? ',';
}

function cutBy(delimiter: string, { text, isWhole }: TableHead, expected: readonly string[]): Cut {
  const ends = new LineEnds(delimiter);
  const lines = ends.push(text);
  const { records } = cellsOf(isWhole ? lines + ends.end() : lines, delimiter, SAMPLE_ROWS);
  const [header = [], ...rows] = records.filter((record) => !isEndOfFile(record));
  const names = header.map(columnName);
  const cells = rows.flat().map((cell) => cell.trim());
  return {
    delimiter,
    columns: header.length,
    isRegular: rows.every((row) => row.length === header.length),
    isNamed: expected.every((name) => names.includes(name)),
    textShare:
      cells.filter((cell) => !looksNumeric(cell) && !isMissing(cell)).length / Math.max(1, cells.length),
  };
}
