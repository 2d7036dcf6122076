import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { missingPrograms } from '@veritrain/network';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const folder = fileURLToPath(new URL('../../caliper-benchmarks', import.meta.url));
const program = join(folder, 'dist', 'command', 'bench.js');
/** The first is written once all of Caliper is there (scripts/caliper.mjs). */
const isInstalled = [join(folder, 'node_modules', '.veritrain-lock'), program].every((path) =>
  existsSync(path),
);
const reason = 'Caliper is not installed, as where the registry does not answer: npm run bench:caliper';

const result = z.strictObject({
  machine: z.looseObject({ cores: z.int() }),
  runs: z.array(
    z.strictObject({
      network: z.enum(['embedded', 'fabric', 'postgres']),
      workload: z.string(),
      clients: z.int().nullable(),
      tps: z.number().positive(),
      p50Ms: z.number(),
      p95Ms: z.number(),
      p99Ms: z.number(),
      transactions: z.int(),
      failed: z.int(),
      conflicts: z.int(),
      parameters: z.record(z.string(), z.number()),
      conflictKinds: z.record(z.string(), z.int()).optional(),
      // PostgreSQL has no blocks.
      blockBytes: z.int().optional(),
      stateBytes: z.int().optional(),
      cpuMs: z.record(z.string(), z.number()).optional(),
    }),
  ),
  ratios: z.strictObject({
    mixOverNoop: z.number().positive(),
    modelsPerSecondOverOam: z.null(),
    clientCpuOverStock: z.null(),
    embeddedOverFabric: z.number().positive().nullable(),
    latencyFabricOverEmbedded: z.number().positive().nullable(),
    mixOverPostgres: z.number().positive().nullable(),
  }),
});

const bench = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [program, ...args]);

describe.skipIf(!isInstalled)('npm run bench:caliper', { meta: { reason } }, () => {
  let reports: string | undefined;
  afterAll(() => {
    if (reports !== undefined) rmSync(reports, { recursive: true, force: true });
  });

  it('--quick measures each workload on each network that there is', { timeout: 1_800_000 }, async () => {
    const { stdout, stderr } = await bench('--quick', '--format', 'json');
    reports = /^Caliper's reports: (.+)$/m.exec(stderr)?.[1];
    const { runs, ratios } = result.parse(JSON.parse(stdout));
    const networks = missingPrograms('3.1.5').length === 0 ? ['embedded', 'fabric'] : ['embedded'];
    const workloads = ['noop', 'mix', 'SubmitUpdate', 'alone'];
    const measured = networks.flatMap((network) => workloads.map((workload) => `${network} ${workload}`));
    // The same records, where there is a PostgreSQL.
    const replayed = ratios.mixOverPostgres === null ? [] : ['postgres mix'];
    expect(runs.map(({ network, workload }) => `${network} ${workload}`)).toEqual([...measured, ...replayed]);
    for (const { p50Ms, p95Ms, p99Ms, failed, conflicts } of runs) {
      expect([p50Ms, p95Ms, p99Ms]).toEqual([p50Ms, p95Ms, p99Ms].sort((one, other) => one - other));
      expect(conflicts).toBeLessThanOrEqual(failed);
    }
    for (const [name, value] of Object.entries(ratios))
      expect(stderr.includes(`${name}: `), name).toBe(value === null);
    for (const network of networks) {
      const report = join(reports ?? '', network, 'quick', 'report.html');
      expect(readFileSync(report, 'utf8')).toContain('SubmitUpdate');
    }
  });

  it('refuses what it does not know, with a code and before anything starts', async () => {
    for (const args of [
      ['--netwrok', 'both'],
      ['--network', 'docker'],
      ['--quick', '--only', 'nop'],
      ['--chapter', 'weather'],
      ['--quick', '--chapter', 'load'],
      ['--page', '--only', 'mix'],
    ])
      await expect(bench(...args)).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^VT9001 /),
      });
  });
});
