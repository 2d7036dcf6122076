import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { resultsVariable } from '../workloads/samples.js';
import type { Benchmark } from './benchmark.js';
import { workspace } from './workspace.js';

const program = createRequire(import.meta.url).resolve('@hyperledger/caliper-cli/caliper.js');

export interface CaliperRun {
  readonly benchmark: Benchmark;
  /** Path of the network configuration. */
  readonly networkConfig: string;
  /** The folder for the benchmark's configuration, Caliper's log and report, and the workloads' measurements. */
  readonly results: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a benchmark in the way that any user of Caliper does.
 * @returns the path of Caliper's log
 * @throws Error with that path if Caliper fails
 */
export async function runCaliper({ benchmark, networkConfig, results, signal }: CaliperRun): Promise<string> {
  signal.throwIfAborted();
  mkdirSync(results, { recursive: true });
  const configuration = join(results, 'benchmark.yaml');
  writeFileSync(configuration, benchmark.yaml);
  const log = join(results, 'caliper.log');
  const output = createWriteStream(log);
  await once(output, 'open');
  const child = spawn(
    process.execPath,
    [
      ...[program, 'launch', 'manager', '--caliper-flow-only-test'],
      ...['--caliper-workspace', workspace],
      ...['--caliper-networkconfig', networkConfig],
      ...['--caliper-benchconfig', configuration],
      ...['--caliper-report-path', join(results, 'report.html')],
    ],
    {
      cwd: workspace,
      // A separate process group, since Caliper's workers are children of its manager.
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, [resultsVariable]: results, CALIPER_LOGGING_TARGETS_FILE_ENABLED: 'false' },
    },
  );
  const stop = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    if (status !== 0) throw new Error(`Caliper failed; its log has the reason: ${log}`);
    return log;
  } finally {
    signal.removeEventListener('abort', stop);
    output.close();
  }
}
