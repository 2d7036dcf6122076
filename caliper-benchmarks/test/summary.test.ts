import { describe, expect, it } from 'vitest';
import { asJson, asText, missingRatios, type Ratios } from '../command/report.js';
import { ratiosOf } from '../command/ratios.js';
import { percentile, runsOf, type Measured, type Run } from '../command/summary.js';
import { readBenchmarks } from '../command/benchmark.js';

const benchmarks = new URL('../benchmarks', import.meta.url).pathname;
const sample = (createdAt: number, latencyMs: number, failedAs?: string) => ({
  transaction: 'GetClock',
  transactionId: failedAs ?? null,
  createdAt,
  latencyMs,
  committed: failedAs === undefined,
});

const run = (over: Partial<Run>): Run => ({
  network: 'embedded',
  workload: 'noop',
  clients: 100,
  tps: 100,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  failed: 0,
  conflicts: 0,
  ...over,
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
    expect([0.5, 0.95, 0.99, 1].map((part) => percentile(hundred, part))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });
});

describe('runsOf', () => {
  const [benchmark] = readBenchmarks(benchmarks, 'quick', ['noop', 'mix']);
  const file = (round: number, worker: number, ...samples: ReturnType<typeof sample>[]) => ({
    round,
    worker,
    samples,
    failure: null,
  });
  const measured: Measured = {
    network: 'fabric',
    benchmark: benchmark!,
    files: [
      file(0, 0, sample(1_000, 100), sample(1_500, 300, 'overtaken')),
      file(0, 1, sample(2_000, 1_000), sample(1_500, 10, 'refused')),
      file(1, 0),
      file(1, 1),
    ],
    conflicts: new Set(['overtaken', 'of somebody else']),
    log: 'caliper.log',
  };

  it('takes all workers of a round together, and counts as conflicts only what the blocks call so', () => {
    const [noop, mix] = runsOf(measured);
    expect(noop).toEqual(
      run({
        network: 'fabric',
        clients: 20,
        tps: 1,
        p50Ms: 100,
        p95Ms: 1_000,
        p99Ms: 1_000,
        failed: 2,
        conflicts: 1,
      }),
    );
    expect(mix).toMatchObject({ workload: 'mix', tps: 0, p50Ms: null, failed: 0 });
  });

  it('has no figures of a round that broke off, or never began, on one worker', () => {
    const [first, ...others] = measured.files;
    expect(() => runsOf({ ...measured, files: others })).toThrow('noop did not begin on every worker');
    const broken = { ...first!, failure: 'a step failed' };
    expect(() => runsOf({ ...measured, files: [broken, ...others] })).toThrow(
      'noop broke off: a step failed (caliper.log)',
    );
  });
});

describe('ratios', () => {
  it('come from means over a workload’s rounds, and say what is missing', () => {
    const runs = [
      run({ tps: 400 }),
      run({ tps: 600 }),
      run({ workload: 'mix', tps: 450 }),
      run({ workload: 'alone', p50Ms: 20 }),
    ];
    const alone = ratiosOf(runs);
    expect(alone.mixOverNoop).toEqual({ value: 0.9 });
    expect(alone.embeddedOverFabric).toHaveProperty('missing');
    const both = ratiosOf([
      ...runs,
      run({ network: 'fabric', workload: 'mix', tps: 180 }),
      run({ network: 'fabric', tps: 200 }),
      run({ network: 'fabric', workload: 'alone', p50Ms: 90 }),
    ]);
    expect(both).toMatchObject({
      mixOverNoop: { value: 0.9 },
      embeddedOverFabric: { value: 2.5 },
      latencyFabricOverEmbedded: { value: 4.5 },
    });
    const ratios: Ratios = { ...both, clientCpuOverStock: { missing: 'left out' } };
    expect(missingRatios(ratios)).toHaveLength(3);
    expect(JSON.parse(asJson(runs, ratios))).toMatchObject({
      ratios: { embeddedOverFabric: 2.5, clientCpuOverStock: null, mixOverPostgres: null },
    });
    const lines = asText([run({ workload: 'RequestTraining', p99Ms: 123_456 })], ratios).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

describe('readBenchmarks', () => {
  it('refuses a round that there is none of, naming those that there are', () => {
    expect(() => readBenchmarks(benchmarks, 'quick', ['nop'])).toThrow(
      /VT9001.*no round nop; there are noop, mix, SubmitUpdate, alone/,
    );
  });

  it('leaves out a configuration of which nothing is asked for', () => {
    expect(readBenchmarks(benchmarks, 'full', ['alone']).map(({ name }) => name)).toEqual(['alone']);
  });
});
