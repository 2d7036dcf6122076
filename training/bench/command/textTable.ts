import type { Result } from '../rows/benchmark.js';
import type { PeerResult } from '../support/peers.js';
import type { Machine } from './machine.js';
import { duration, figure, goalOf, kilobytes, ratio } from './units.js';

type Column = readonly [heading: string, cell: (result: Result) => string];

const columns: readonly Column[] = [
  ['row', ({ benchmark }) => benchmark.name],
  ['encrypted', ({ encryptedTimes }) => duration(encryptedTimes.seconds)],
  ['CPU', ({ encryptedTimes }) => duration(encryptedTimes.cpuSeconds)],
  ['goal', ({ benchmark }) => goalOf(benchmark)],
  ['plain', ({ plainTimes }) => duration(plainTimes.seconds)],
  ['ratio', ({ encryptedTimes, plainTimes }) => ratio(encryptedTimes.seconds / plainTimes.seconds)],
  ['up kB', ({ bytesUp }) => kilobytes(bytesUp)],
  ['down kB', ({ bytesDown }) => kilobytes(bytesDown)],
  ['bits', ({ precisionBits }) => precisionBits?.toFixed(1) ?? '-'],
];

/** All of a run for people, in 80 columns. */
export function textOf(
  machine: Machine,
  results: readonly Result[],
  peers: readonly PeerResult[],
  notes: readonly string[],
): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; load ${machine.loadBefore}`,
    Object.entries(machine.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    '',
    ...aligned([
      columns.map(([heading]) => heading),
      ...results.map((each) => columns.map(([, cell]) => cell(each))),
    ]),
    '',
    ...results.flatMap(detailsOf),
    ...peerLines(peers),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ];
  return `${lines.flatMap(wrapped).join('\n')}\n`;
}

function peerLines(peers: readonly PeerResult[]): string[] {
  if (peers.length === 0) return [];
  return [
    '',
    'Other libraries; ×: their wall clock by ours, encrypted; CPU ×: processor time',
    ...peers.flatMap((peer) => [
      `  ${peer.name}: ${duration(peer.seconds)}`,
      `    × ${ratio(peer.ratio)}, CPU × ${ratio(peer.cpuRatio)}; ${peer.metric}`,
    ]),
    ...(peers.some(({ name }) => name.startsWith('TenSEAL'))
      ? ['  TenSEAL encrypts the rows as well; of our rows encrypted-data alone does.']
      : []),
  ];
}

function detailsOf({ benchmark, metric, encrypted, plain, notes }: Result): string[] {
  return [
    `${benchmark.name}: ${benchmark.title}`,
    `  ${metric}: encrypted ${figure(encrypted)}, plain ${figure(plain)}`,
    ...notes.map((note) => `  ${note}`),
  ];
}

/** The first column flush left, the others flush right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

/** A line in lines of at most 80 columns. */
function wrapped(line: string): string[] {
  if (line.length <= 80) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ')) {
    if (current !== '' && indent.length + current.length + 1 + word.length > 80) {
      lines.push(indent + current);
      current = '  ';
    }
    current += current.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, indent + current];
}
