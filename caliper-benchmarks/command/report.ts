import type { Machine } from './machine.js';
import { ratioNames, valuesOf, type Ratios } from './ratios.js';
import type { Run } from './summary.js';

const columns = [
  'network',
  'workload',
  'clients',
  'tps',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'failed',
  'conflicts',
] as const;
const headings: Record<(typeof columns)[number], string> = {
  network: 'network',
  workload: 'workload',
  clients: 'in flight',
  tps: 'per s',
  p50Ms: 'p50 ms',
  p95Ms: 'p95 ms',
  p99Ms: 'p99 ms',
  failed: 'failed',
  conflicts: 'conflicts',
};

/** Such as `mix couples=10`. It names the parameters in which runs of the same workload differ. */
function labelOf({ workload, parameters }: Run, runs: readonly Run[]): string {
  const likewise = runs.filter((run) => run.workload === workload && run.network !== 'postgres');
  const varying = Object.entries(parameters).filter(([name, value]) =>
    likewise.some((run) => (run.parameters[name] ?? value) !== value),
  );
  return [workload, ...varying.map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** The runs as a table of 80 columns, with the ratios below it. */
export function asText(runs: readonly Run[], ratios: Ratios): string {
  const rows = [
    columns.map((column) => headings[column]),
    ...runs.map((run) =>
      columns.map((column) => (column === 'workload' ? labelOf(run, runs) : (run[column] ?? '-').toString())),
    ),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join(' ')
      .trimEnd(),
  );
  const known = ratioNames.flatMap((name) => {
    const ratio = ratios[name];
    return 'value' in ratio ? [`${name.padEnd(26)} ${ratio.value}`] : [];
  });
  return `${[...lines, '', ...known].join('\n').trimEnd()}\n`;
}

/** The same for programs, as one line. */
export const asJson = (machine: Machine, runs: readonly Run[], ratios: Ratios): string =>
  `${JSON.stringify({ machine, runs, ratios: valuesOf(ratios) })}\n`;

/** The missing ratios, with their reasons. */
export const missingRatios = (ratios: Ratios): string[] =>
  ratioNames.flatMap((name) => {
    const ratio = ratios[name];
    return 'missing' in ratio ? [`${name}: ${ratio.missing}`] : [];
  });
