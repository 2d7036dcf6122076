import { describe, expect, it } from 'vitest';
import { asJson, asText, missingRatios } from '../command/report.js';
import { thisMachine } from '../command/machine.js';
import { ratiosOf, type Ratios } from '../command/ratios.js';
import type { BlockSum } from '../command/blocks/sumBlocks.js';
import { percentile } from '../command/percentile.js';
import { runsOf, type Measured, type Run } from '../command/summary.js';
import { onlyRounds, readBenchmark } from '../command/benchmark.js';

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
  transactions: 3_000,
  failed: 0,
  conflicts: 0,
  parameters: { organizations: 3, delayMs: 0 },
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

const conflict = (transactionId: string) => ({
  transactionId,
  function: 'GetClock',
  keys: ['\0clock\0'],
  kinds: ['clock'],
});
const blockSum: BlockSum = {
  blocks: 2,
  blockBytes: 15_000,
  blockBytesP50: 7_500,
  blockBytesMax: 8_000,
  transactionsPerBlockP50: 2,
  transactionsPerBlockMax: 3,
  functions: {
    GetClock: {
      transactions: 3,
      invalid: 2,
      bytes: 14_000,
      keysRead: 3,
      keysWritten: 3,
      keysDeleted: 0,
      keyBytes: 300,
      valueBytes: 1_200,
    },
  },
  conflicts: [conflict('overtaken'), conflict('of somebody else')],
};

describe('runsOf', () => {
  const [benchmark] = onlyRounds([readBenchmark('quick')], ['noop', 'mix']);
  const file = (round: number, worker: number, ...samples: ReturnType<typeof sample>[]) => ({
    round,
    worker,
    samples,
    failure: null,
  });
  const measured: Measured = {
    site: { kind: 'fabric', organizations: 3, delayMs: 0 },
    benchmark: benchmark!,
    files: [
      file(0, 0, sample(1_000, 100), sample(1_500, 300, 'overtaken')),
      file(0, 1, sample(2_000, 1_000), sample(1_500, 10, 'refused')),
      file(1, 0),
      file(1, 1),
    ],
    blocks: new Map([[0, blockSum]]),
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
        transactions: 2,
        failed: 2,
        conflicts: 1,
        conflictKinds: { clock: 1 },
        blockBytes: 5_000,
        stateBytes: 500,
      }),
    );
    expect(mix).toMatchObject({ workload: 'mix', tps: 0, p50Ms: null, failed: 0 });
  });

  it('tells processor time of each committed transaction', () => {
    const [noop] = runsOf({ ...measured, processorTimes: { peer: 100 } });
    expect(noop).toMatchObject({ cpuMs: { peer: 50 } });
    expect(runsOf(measured)[0]).not.toHaveProperty('cpuMs');
  });

  it('tells how the latency of one couple’s transactions goes', () => {
    const long = readBenchmark('long');
    const samples = Array.from({ length: 100 }, (_, at) => sample(1_000 + at, 10 + Math.floor(at / 10)));
    const [one] = runsOf({ ...measured, benchmark: long, files: [file(0, 0, ...samples.reverse())] });
    expect(one?.tenthsMs).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('has no figures of a round that broke off, or never began, on one worker', () => {
    const [first, ...others] = measured.files;
    expect(() => runsOf({ ...measured, files: others })).toThrow('noop did not begin on every worker');
    const broken = { ...first!, failure: 'a step failed' };
    expect(() => runsOf({ ...measured, files: [broken, ...others] })).toThrow(
      'noop was aborted: a step failed (caliper.log)',
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
    const alone = ratiosOf({ runs, oam: undefined });
    expect(alone.mixOverNoop).toEqual({ value: 0.9 });
    expect(alone.embeddedOverFabric).toHaveProperty('missing');
    const compared = [
      ...runs,
      run({ network: 'fabric', workload: 'mix', tps: 180 }),
      run({ network: 'fabric', tps: 200 }),
      run({ network: 'fabric', workload: 'alone', p50Ms: 90 }),
      run({ network: 'postgres', workload: 'mix', tps: 1_800 }),
    ];
    const both = ratiosOf({ runs: compared, oam: undefined });
    expect(both).toMatchObject({
      mixOverNoop: { value: 0.9 },
      embeddedOverFabric: { value: 2.5 },
      latencyFabricOverEmbedded: { value: 4.5 },
      mixOverPostgres: { value: 0.1 },
    });
    const ratios: Ratios = { ...both, clientCpuOverStock: { missing: 'left out' } };
    expect(missingRatios(ratios)).toHaveLength(2);
    expect(JSON.parse(asJson(thisMachine(), runs, ratios))).toMatchObject({
      ratios: { embeddedOverFabric: 2.5, clientCpuOverStock: null, mixOverPostgres: 0.1 },
    });
    const lines = asText([run({ workload: 'RequestTraining', p99Ms: 123_456 })], ratios).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

describe('onlyRounds', () => {
  it('refuses a round that there is none of, naming those that there are', () => {
    const quick = ['quick', 'quick-alone'].map(readBenchmark);
    expect(() => onlyRounds(quick, ['nop'])).toThrow(
      /VT9001.*no round nop; there are noop, mix, SubmitUpdate, alone/,
    );
  });

  it('leaves out a configuration of which nothing is asked for', () => {
    const both = ['compare', 'alone'].map(readBenchmark);
    expect(onlyRounds(both, ['alone']).map(({ name }) => name)).toEqual(['alone']);
  });
});
