import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { NetworkKind } from './networks.js';
import { rounded, type Run } from './summary.js';

export const ratioNames = [
  'mixOverNoop',
  'modelsPerSecondOverOam',
  'clientCpuOverStock',
  'embeddedOverFabric',
  'latencyFabricOverEmbedded',
  'mixOverPostgres',
] as const;
export type RatioName = (typeof ratioNames)[number];

/** A ratio, or why there is none. */
export type Ratio = { readonly value: number } | { readonly missing: string };

/** The ratios that runs give: rates and latencies of workloads, each over all of its rounds. */
export function ratiosOf(runs: readonly Run[]): Record<Exclude<RatioName, 'clientCpuOverStock'>, Ratio> {
  const rate = (network: NetworkKind, workload: string): number | undefined =>
    meanOf(runs, network, workload, ({ tps }) => tps);
  const latency = (network: NetworkKind): number | undefined =>
    meanOf(runs, network, 'alone', ({ p50Ms }) => p50Ms);
  // Of both networks the one whose costs are a real market's.
  const network = runs.some((run) => run.network === 'fabric') ? 'fabric' : 'embedded';
  return {
    mixOverNoop: over(
      rate(network, 'mix'),
      rate(network, 'noop'),
      'the rounds mix and noop did not both run',
    ),
    modelsPerSecondOverOam: { missing: 'OAM’s own flow is not written as a contract yet' },
    embeddedOverFabric: over(
      rate('embedded', 'mix'),
      rate('fabric', 'mix'),
      'the round mix did not run on both networks',
    ),
    latencyFabricOverEmbedded: over(
      latency('fabric'),
      latency('embedded'),
      'the round alone did not run on both networks',
    ),
    mixOverPostgres: { missing: 'the same records are not written to PostgreSQL yet' },
  };
}

function meanOf(
  runs: readonly Run[],
  network: NetworkKind,
  workload: string,
  figure: (run: Run) => number | null,
): number | undefined {
  const figures = runs
    .filter((run) => run.network === network && run.workload === workload)
    .map(figure)
    .filter((value) => value !== null);
  if (figures.length === 0) return undefined;
  return figures.reduce((sum, value) => sum + value, 0) / figures.length;
}

function over(above: number | undefined, below: number | undefined, missing: string): Ratio {
  if (above === undefined || below === undefined || below === 0) return { missing };
  return { value: rounded(above / below) };
}

const clientCpuResult = z.looseObject({ bench: z.literal('client-cpu'), ratio: z.number() });

/** CPU of a transaction in our SDK's client over that in the stock one, by the SDK's own benchmark. */
export async function clientCpuOverStock(root: string, signal: AbortSignal): Promise<Ratio> {
  const child = spawn('npm', ['run', '-s', 'bench', '-w', 'client-sdk'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) return { missing: 'the SDK’s own benchmark failed' };
  const line = output.trim().split('\n').at(-1) ?? '';
  return { value: clientCpuResult.parse(JSON.parse(line)).ratio };
}
