// `npm run bench:caliper`: the same workloads on an embedded ledger and on real Fabric.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSamples } from '../workloads/samples.js';
import { describeRounds, readBenchmarks, type Benchmark } from './benchmark.js';
import { runCaliper, workspace } from './caliper.js';
import { conflictsSince, heightOf } from './conflicts.js';
import { reportFailure } from './failure.js';
import { startNetwork, whyNoFabric, type NetworkKind } from './networks.js';
import { help, readOptions, type Options } from './options.js';
import { organizationsOf } from './organizations.js';
import { defaultTickPeriodMs, prepareNetwork } from './prepare.js';
import { clientCpuOverStock, ratiosOf, type Ratio } from './ratios.js';
import { asJson, asText, missingRatios } from './report.js';
import { runsOf, type Run } from './summary.js';

/** Signals that end the command, after what it started is stopped, and its exit status then. */
const interruptions = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const say = (what: string): void => void process.stderr.write(`${what}\n`);

/** Which networks to measure. Fabric that is asked for by name says itself what is missing of it. */
function networksOf({ network }: Options): NetworkKind[] {
  if (network !== 'both') return [network];
  const reason = whyNoFabric();
  if (reason === undefined) return ['embedded', 'fabric'];
  say(reason);
  return ['embedded'];
}

interface Measuring {
  readonly kind: NetworkKind;
  readonly benchmarks: readonly Benchmark[];
  /** Folder of this command's results. */
  readonly results: string;
  readonly signal: AbortSignal;
}

/** Starts a network, runs the benchmarks on it and stops it; it leaves nothing but results. */
async function measureOn({ kind, benchmarks, results, signal }: Measuring): Promise<Run[]> {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-caliper-'));
  const onProgress = (what: string): void => say(`${kind}: ${what} …`);
  try {
    onProgress('starting');
    const network = join(folder, 'network');
    const stop = await startNetwork(kind, { folder: network, onProgress, signal });
    try {
      const networkConfig = await prepareNetwork({
        reference: { network },
        folder: join(folder, 'caliper'),
        workers: Math.max(...benchmarks.map(({ workers }) => workers)),
        replicas: 3,
        tickPeriodMs: defaultTickPeriodMs,
        onProgress,
      });
      const [organization] = organizationsOf({ network });
      if (organization === undefined) throw new Error('The network has no organisation.');
      const runs: Run[] = [];
      for (const benchmark of benchmarks) {
        const to = join(results, kind, benchmark.name);
        onProgress(describeRounds(benchmark));
        const from = await heightOf(organization);
        const log = await runCaliper({ benchmark, networkConfig, results: to, signal });
        const conflicts = await conflictsSince(organization, from);
        runs.push(...runsOf({ network: kind, benchmark, files: readSamples(to), conflicts, log }));
      }
      return runs;
    } finally {
      onProgress('stopping');
      await stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(help);
    return;
  }
  const abort = new AbortController();
  for (const [name, status] of Object.entries(interruptions)) {
    process.on(name, () => {
      process.exitCode = status;
      abort.abort(new Error('Interrupted.'));
    });
  }
  const { signal } = abort;
  const plan = options.quick ? 'quick' : 'full';
  const benchmarks = readBenchmarks(join(workspace, 'benchmarks'), plan, options.only);
  const results = join(workspace, 'results', new Date().toISOString().replaceAll(':', '-'));
  const runs: Run[] = [];
  for (const kind of networksOf(options)) {
    const measured = measureOn({ kind, benchmarks, results, signal }).catch((error: unknown) => {
      // What an interruption breaks has words of its own for it.
      signal.throwIfAborted();
      throw error;
    });
    runs.push(...(await measured));
  }
  const ratios = { ...ratiosOf(runs), clientCpuOverStock: await clientCpu(options, signal) };
  for (const missing of missingRatios(ratios)) say(missing);
  say(`Caliper's reports: ${results}`);
  if (options.format === 'text') process.stdout.write(`${asText(runs, ratios)}\n`);
  process.stdout.write(asJson(runs, ratios));
}

async function clientCpu({ quick, only }: Options, signal: AbortSignal): Promise<Ratio> {
  if (quick || only !== undefined)
    return { missing: `left out with ${quick ? '--quick' : '--only'}: npm run bench -- client-sdk` };
  say('client-sdk: CPU of a transaction …');
  return clientCpuOverStock(dirname(workspace), signal);
}

main().catch(reportFailure);
