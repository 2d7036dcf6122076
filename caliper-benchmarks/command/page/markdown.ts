import type { Run } from '../summary.js';

/** A Markdown table. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [headings.map(String), headings.map(() => '---'), ...rows.map((row) => row.map(String))];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const figure = (value: number | null): string => {
  if (value === null) return '';
  return value >= 100 ? Math.round(value).toString() : value.toFixed(1);
};

/** A column that not every run has. */
interface OwnColumn {
  readonly heading: string;
  readonly cell: (run: Run) => string | number | undefined;
}

const ownColumns: readonly OwnColumn[] = [
  { heading: 'conflicts about', cell: ({ conflictKinds }) => conflictKinds && countsOf(conflictKinds) },
  { heading: 'bytes in blocks', cell: ({ blockBytes }) => blockBytes },
];

/** Such as `clock 40, couple 2`, largest first; without the number if there is one kind. */
function countsOf(kinds: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(kinds).sort(([, one], [, other]) => other - one);
  return sorted.map(([kind, count]) => (sorted.length === 1 ? kind : `${kind} ${count}`)).join(', ');
}

/** A table of the runs, one per row. @param parameters the parameters that distinguish them, each with its heading */
export function runTable(runs: readonly Run[], parameters: Readonly<Record<string, string>> = {}): string {
  const own = ownColumns.filter(({ cell }) => runs.some((run) => cell(run) !== undefined));
  return table(
    [
      'network',
      'workload',
      ...Object.values(parameters),
      ...['in flight', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'failed', 'conflicts'],
      ...own.map(({ heading }) => heading),
    ],
    runs.map((run) => [
      run.network,
      run.workload,
      ...Object.keys(parameters).map((name) => run.parameters[name] ?? ''),
      run.clients ?? '',
      figure(run.tps),
      figure(run.p50Ms),
      figure(run.p95Ms),
      figure(run.p99Ms),
      run.failed,
      run.conflicts,
      ...own.map(({ cell }) => cell(run) ?? ''),
    ]),
  );
}
