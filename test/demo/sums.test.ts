import { afterEach, describe, expect, it } from 'vitest';
import { type DemoObject, DemoRun } from './support.js';

const runs: DemoRun[] = [];

afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.clear()));
});

/** Index of a drawn subset, from its id. */
const indexOf = (id: string): number => Number(id.split('_').at(-1));

describe('a demo whose dataset has sums only', () => {
  it('draws whole batches, trains on their sums as its twin in clear does, and catches the liar', async () => {
    const rounds = 6;
    const run = new DemoRun(
      ...['--subsets', '6', '--aggregation', 'sum', '--rounds', rounds.toString()],
      ...['--seed', '7', '--test-share', '0', '--format', 'json'],
    );
    runs.push(run);
    const ended = await run.ended();
    if (ended.status !== 0) throw new Error(ended.stderr + ended.stdout);
    const { data, draws, metrics, liar, jobs, precisionBits } = JSON.parse(ended.stdout) as DemoObject;
    expect(data).toMatchObject({ subsets: 6, replicas: 3, aggregation: 'sum' });
    expect(draws).toHaveLength(rounds);
    for (const drawn of draws) {
      const indexes = drawn.map(indexOf).sort((a, b) => a - b);
      expect([
        [0, 1, 2],
        [3, 4, 5],
      ]).toContainEqual(indexes);
    }
    expect(liar?.verdict).toBe('dissented');
    // Two honest replicas are a quorum: no batch is void, and every round has a sum.
    expect(jobs.agreed + jobs.dissented).toBe(rounds * 9);
    const [mse] = metrics;
    expect(mse!.gap).toBeLessThan(0.1);
    // The variance of the target is 5930; least squares over all rows is at 2859.7.
    expect(mse!.encrypted).toBeLessThan(3100);
    expect(precisionBits).toBeGreaterThan(10);
  }, 400_000);
});
