import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { NetworkKind } from './networks.js';
import type { Outcome } from './chapters/runChapter.js';
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

/** A ratio, or the reason why it is missing. */
export type Ratio = { readonly value: number } | { readonly missing: string };
export type Ratios = Readonly<Record<RatioName, Ratio>>;

/** All ratios missing, for one reason. */
export const missingAll = (missing: string): Ratios => ({
  mixOverNoop: { missing },
  modelsPerSecondOverOam: { missing },
  clientCpuOverStock: { missing },
  embeddedOverFabric: { missing },
  latencyFabricOverEmbedded: { missing },
  mixOverPostgres: { missing },
});

/** Null for missing ratios. */
export const valuesOf = (ratios: Ratios): Record<RatioName, number | null> =>
  Object.fromEntries(
    ratioNames.map((name) => {
      const ratio = ratios[name];
      return [name, 'value' in ratio ? ratio.value : null];
    }),
  ) as Record<RatioName, number | null>;

/** The ratios of an outcome: rates and latencies of workloads, each over all of its rounds. */
export function ratiosOf({
  runs,
  oam,
}: Pick<Outcome, 'runs' | 'oam'>): Record<Exclude<RatioName, 'clientCpuOverStock'>, Ratio> {
  const rate = (network: Run['network'], workload: string): number | undefined =>
    meanOf(runs, network, workload, ({ tps }) => tps);
  const latency = (network: NetworkKind): number | undefined =>
    meanOf(runs, network, 'alone', ({ p50Ms }) => p50Ms);
  // Fabric if it was measured, since its costs are like a real market's.
  const network = runs.some((run) => run.network === 'fabric') ? 'fabric' : 'embedded';
  return {
    mixOverNoop: over(
      rate(network, 'mix'),
      rate(network, 'noop'),
      'the rounds mix and noop did not both run',
    ),
    modelsPerSecondOverOam: oam?.modelsPerSecondOverOam ?? { missing: 'OAM’s flow did not run' },
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
    mixOverPostgres: over(
      rate(network, 'mix'),
      rate('postgres', 'mix'),
      'PostgreSQL did not store the records of the round mix',
    ),
  };
}

function meanOf(
  runs: readonly Run[],
  network: Run['network'],
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

/** CPU of a transaction in our SDK's client divided by that in the stock one, from the SDK's own benchmark. */
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
