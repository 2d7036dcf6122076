import Table from 'cli-table3';
// Of the version with which the table measures, else it cuts what it takes for wider.
import widthOf from 'string-width';
import { shortDigest, visibleLine } from '@veritrain/member/text';

/** Terminals have at least this many columns. */
export const columns = 80;

/** Breaks a sentence into lines of at most 80 columns; a word that is longer stays whole. */
export function wrap(sentence: string, width = columns, indent = '  '): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

export type Cell = string | number | boolean | undefined;

/** The text of a cell; of several lines where it is an array. */
const shown = (cell: Cell | readonly string[]): string =>
  cell === undefined
    ? '-'
    : [cell]
        .flat()
        .map((line) => visibleLine(String(line)))
        .join('\n');

/** Names and values, one a line; values that are undefined are left out. */
export function fields(rows: readonly (readonly [string, Cell])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  return shown
    .flatMap(([name, value]) => {
      const [first = '', ...rest] = wrap(visibleLine(String(value)), columns - width - 2, '');
      return [
        `${name}${' '.repeat(width - widthOf(name))}  ${first}`.trimEnd(),
        ...rest.map((line) => `${' '.repeat(width)}  ${line}`),
      ];
    })
    .join('\n');
}

const gap = 2;

/** The same for every digest in a sentence. */
export const shortDigests = (sentence: string): string =>
  sentence.replace(/sha256:[0-9a-f]{64}/g, (digest) => shortDigest(digest));

/** A time of the day on this machine's clock, with the date where it is another day. */
export function clockTime(ms: number, now = Date.now()): string {
  const local = (at: number): string =>
    new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().replace('T', ' ').slice(0, 19);
  const [text, today] = [local(ms), local(now)];
  return text.slice(0, 10) === today.slice(0, 10) ? text.slice(11) : text;
}

/** A table of at most 80 columns: wide columns wrap. An empty table shows `whenEmpty`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Cell | readonly string[])[])[],
  whenEmpty: string,
): string {
  if (rows.length === 0) return wrap(whenEmpty).join('\n');
  const cells = rows.map((row) => row.map(shown));
  const titles = head.map(visibleLine);
  const widths = fit(
    titles.map((title, index) => Math.max(widthOf(title), ...cells.map((row) => widest(row[index] ?? '')))),
  );
  const broken = (row: readonly string[]): string[] =>
    row.map((cell, column) => breakLines(cell, widths[column] ?? columns));
  const plain = new Table({
    head: broken(titles),
    colWidths: widths.map((width) => width + gap),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
  });
  plain.push(...cells.map(broken));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const widest = (cell: string): number => Math.max(...cell.split('\n').map((line) => widthOf(line)));

/** Breaks a cell between words, and words that are wider than the column anywhere. */
function breakLines(cell: string, width: number): string {
  const pieces = (line: string): string[] => wrap(line, width, '').flatMap((word) => cut(word, width));
  return cell.split('\n').flatMap(pieces).join('\n');
}

/** A character may be two columns wide, or none. */
function cut(word: string, width: number): string[] {
  const pieces = [''];
  for (const character of word) {
    const longer = `${pieces.at(-1) ?? ''}${character}`;
    if (widthOf(longer) <= width) pieces[pieces.length - 1] = longer;
    else pieces.push(character);
  }
  return pieces;
}

/** Takes from the widest column until everything fits. */
function fit(natural: readonly number[]): number[] {
  const widths = [...natural];
  const room = columns - gap * (widths.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(4, (widths[widest] ?? 0) - 1);
    excess -= 1;
  }
  return widths;
}

const noBorders = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((place) => [place, '']),
);

/** A duration as people read it. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
