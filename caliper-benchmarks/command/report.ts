import { availableParallelism, cpus, totalmem } from 'node:os';
import { ratioNames, type Ratio, type RatioName } from './ratios.js';
import type { Run } from './summary.js';

export type Ratios = Readonly<Record<RatioName, Ratio>>;

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

/** The runs as a table of 80 columns, and the ratios below it. */
export function asText(runs: readonly Run[], ratios: Ratios): string {
  const rows = [
    columns.map((column) => headings[column]),
    ...runs.map((run) => columns.map((column) => (run[column] ?? '-').toString())),
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

/** The same for programs: one line. */
export function asJson(runs: readonly Run[], ratios: Ratios): string {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
  };
  const values = Object.fromEntries(
    ratioNames.map((name) => {
      const ratio = ratios[name];
      return [name, 'value' in ratio ? ratio.value : null];
    }),
  );
  return `${JSON.stringify({ machine, runs, ratios: values })}\n`;
}

/** Which ratios there are none of, and why. */
export const missingRatios = (ratios: Ratios): string[] =>
  ratioNames.flatMap((name) => {
    const ratio = ratios[name];
    return 'missing' in ratio ? [`${name}: ${ratio.missing}`] : [];
  });
