import { describe, expect, it } from 'vitest';
import type { Table } from '../data/table.js';
import { defineProgram } from '../program.js';
import { asyncRefusal } from '../testing/errors.js';
import {
  context,
  diabetes,
  linearState,
  packageOf,
  prepare,
  runRounds,
  syntheticTable,
  trainerOf,
} from '../testing/fixtures.js';
import { trainOnShard } from './host.js';

const prepared = prepare(diabetes(), 3);

/** All columns alike, and nearly all of their variance in the rows of one end: the largest eigenvalue there can be. */
function spiked(): Table {
  const table = syntheticTable(300, 10);
  const spike = (row: number): number => (row < 3 ? 1000 : 0) + table.values[row * 10]!;
  const values = table.values.map((_, place) => spike(Math.floor(place / 10)));
  return { ...table, values, targets: Float64Array.from({ length: 300 }, (_, row) => spike(row)) };
}

describe('a host', () => {
  it.each(['plain', 'encrypted'] as const)(
    'attack 48: computes on every shard, whatever its rows, %s',
    async (protection) => {
      // A step size far beyond what these shards allow: refusing would tell their largest eigenvalue.
      for (const choices of [
        { learningRate: 2, localSteps: 50 },
        { learningRate: 2, lambda: 100 },
        { learningRate: 2, localSteps: 1000, lambda: 100 },
      ]) {
        for (const data of [prepared, prepare(spiked(), 3)]) {
          const program = defineProgram({ ...choices, protection });
          const { metrics } = await runRounds(data, program, [[0, 1, 2]]);
          expect(metrics[0]?.unusable).toEqual([]);
        }
      }
    },
  );

  it('makes a smaller step than the program’s where the public shape asks for one, and its owner knows', async () => {
    const data = prepare(syntheticTable(1000, 32), 100);
    const [shortened, short] = await Promise.all(
      [2, 1e-3].map((learningRate) =>
        runRounds(data, defineProgram({ learningRate, protection: 'plain' }), [[0, 1]]),
      ),
    );
    const [a, b] = [shortened!, short!].map(
      ({ state }) => linearState(state).memory[1]!.replies[0]!.gradient,
    );
    a!.forEach((value, j) => expect(value).toBeCloseTo(b![j]!, 9));
  });

  it('refuses attempts and names that are none', async () => {
    const program = defineProgram();
    const trainer = await trainerOf(prepared, program);
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const job = {
      package: packageOf(prepared, 0),
      program,
      model,
      heKey: trainer.heKey(),
      ...context,
      attempt: 1,
    };
    await asyncRefusal(() => trainOnShard({ ...job, attempt: 0 }), 'VT7501');
    await asyncRefusal(() => trainOnShard({ ...job, channel: '' }), 'VT7501');
    await asyncRefusal(() => trainOnShard({ ...job, package: { ...job.package } }), 'VT7501');
    await asyncRefusal(
      () => trainOnShard({ ...job, program: { ...program, head: { ...program.head, localSteps: 0 } } }),
      'VT7301',
    );
  });
});
