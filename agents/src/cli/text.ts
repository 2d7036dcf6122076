import Table from 'cli-table3';

/** Terminals have at least this many columns. */
export const columns = 80;

/** Breaks a sentence into lines of at most 80 columns; a word that is longer stays whole. */
export function wrap(sentence: string, width = columns, indent = '  '): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** A digest or a transaction id as people compare them: first and last eight characters. `--format json` has it whole. */
export function short(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return hex.length <= 17 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`;
}

export type Cell = string | number | boolean | undefined;

/** Names and values, one a line; values that are undefined are left out. */
export function fields(rows: readonly (readonly [string, Cell])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown
    .flatMap(([name, value]) => {
      const [first = '', ...rest] = wrap(String(value), columns - width - 2, '');
      return [
        `${name.padEnd(width)}  ${first}`.trimEnd(),
        ...rest.map((line) => `${' '.repeat(width)}  ${line}`),
      ];
    })
    .join('\n');
}

const gap = 2;

/** A table of at most 80 columns: wide columns wrap. An empty one says what to do instead. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  whenEmpty: string,
): string {
  if (rows.length === 0) return wrap(whenEmpty).join('\n');
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '-' : String(cell))));
  const widths = fit(
    head.map((title, index) => Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0))),
  );
  const plain = new Table({
    head: [...head],
    colWidths: widths.map((width) => width + gap),
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
  });
  plain.push(...cells);
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
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

/** Bytes as people read them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A duration as people read it. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
