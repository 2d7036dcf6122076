import { describe, expect, it } from 'vitest';
import type { Table } from '../data/table.js';
import { evaluateModel } from '../models/predict.js';
import { familyNames } from '../models/registry.js';
import type { TrainedResult } from '../models/result.js';
import { defineProgram } from '../program.js';
import { familyChoices, familyTables } from '../testing/familyTables.js';
import { context, diabetes, packageOf, prepare, runRounds, trainerOf } from '../testing/fixtures.js';
import { trainInClear } from './localTraining.js';
import { trainOnShard } from './host.js';
import { messageSizes } from './messageSizes.js';
import type { SubsetUpdate } from './modelOwner.js';
import type { TrainerState } from './state.js';

/** Seven subsets: a batch of three and one of four. */
const batches = [
  [0, 1, 2],
  [3, 4, 5, 6],
] as const;
const draws = [0, 1, 0, 1, 0, 1, 0, 1].map((batch) => [...batches[batch]!]);

const firstMetric = (table: Table, model: TrainedResult): number => evaluateModel(table, model)[0]!.value;

it('keep in range with several local steps, on subsets of any curvature', async () => {
  const table = diabetes();
  const program = defineProgram({ localSteps: 20, lambda: 0.01 });
  const prepared = prepare(table, 7, { aggregation: 'sum', program });
  const { trainer, state, metrics } = await runRounds(prepared, program, draws);
  expect(metrics.flatMap(({ unusable }) => unusable)).toEqual([]);
  const { template, packages } = prepared;
  const twin = await trainInClear({ program, template, packages, draws });
  const found = firstMetric(table, trainer.result(state));
  expect(Math.abs(found - firstMetric(table, twin.model))).toBeLessThan(1e-3 * found);
});

describe.each(familyNames)('sums only, %s', (family) => {
  const table = familyTables[family]();
  const program = defineProgram({ family, ...familyChoices[family] });
  const prepared = prepare(table, 7, { aggregation: 'sum', program });

  async function updatesOf(
    { protection }: { protection: 'plain' | 'encrypted' },
    subsets: readonly number[],
    state?: TrainerState,
    attempt = 1,
  ) {
    const own = { ...program, protection };
    const trainer = await trainerOf(prepared, own);
    const from = state ?? trainer.initialState();
    const model = await trainer.modelForRound(from, attempt);
    const updates: SubsetUpdate[] = [];
    for (const subset of subsets) {
      const job = { package: packageOf(prepared, subset), program: own, model, heKey: trainer.heKey() };
      updates.push({ subset, bytes: await trainOnShard({ ...job, ...context, attempt }) });
    }
    return { trainer, state: from, updates, sizes: messageSizes(own, table.features, 'sum') };
  }

  it('trains on the sums of batches to the model of its clear twin, and to that of replies one by one', async () => {
    const { template, packages } = prepared;
    const twin = await trainInClear({ program, template, packages, draws });
    const { trainer, state, metrics } = await runRounds(prepared, program, draws);
    expect(metrics.every(({ unusable }) => unusable.length === 0)).toBe(true);
    const found = firstMetric(table, trainer.result(state));
    expect(Math.abs(found - firstMetric(table, twin.model))).toBeLessThan(1e-3 * found);
    const apart = prepare(table, 7, { program });
    const one = await trainInClear({ program, template: apart.template, packages: apart.packages, draws });
    expect(Math.abs(found - firstMetric(table, one.model))).toBeLessThan(0.05 * found);
  });

  it.each(['plain', 'encrypted'] as const)(
    'uses %s batches that are whole, and names what is left out',
    async (protection) => {
      const { trainer, state, updates, sizes } = await updatesOf({ protection }, [0, 1, 2, 3, 4, 6]);
      for (const { bytes, subset } of updates) {
        expect(bytes.length).toBe(sizes.firstUpdateBytes);
        trainer.checkUpdate(state, bytes, 1, subset);
      }
      const { state: next, metrics } = await trainer.applyUpdates(state, 1, updates);
      const reason = 'its batch has no update of subset 5';
      expect(metrics.unusable).toEqual([3, 4, 6].map((subset) => ({ subset, reason })));
      expect(metrics.rounds).toBe(1);
      const alone = await trainer.applyUpdates(state, 1, updates.slice(0, 3));
      expect(alone.state).toEqual(next);
      const none = await trainer.applyUpdates(state, 1, updates.slice(3));
      expect(none.metrics.rounds).toBe(0);
      expect(none.state.model).toEqual(state.model);
    },
  );

  it.each(['plain', 'encrypted'] as const)(
    'leaves out a whole batch of %s updates of which one answers another model',
    async (protection) => {
      const [batch, other] = batches;
      const first = await updatesOf({ protection }, batch);
      const { trainer } = first;
      const once = (await trainer.applyUpdates(first.state, 1, first.updates)).state;
      const second = await updatesOf({ protection }, other, once, 2);
      const twice = (await trainer.applyUpdates(once, 2, second.updates)).state;
      const honest = await updatesOf({ protection }, batch, twice, 3);
      const replayed = await updatesOf({ protection }, batch, once, 3);
      const [a, b, c] = honest.updates;
      const mixed = [a!, b!, replayed.updates[2]!];
      const { metrics } = await trainer.applyUpdates(twice, 3, mixed);
      expect(metrics.unusable.map(({ subset }) => subset)).toEqual([0, 1, 2]);
      const whole = await trainer.applyUpdates(twice, 3, [a!, b!, c!]);
      expect(whole.metrics.unusable).toEqual([]);
    },
  );

  it('gives replicas equal bytes', async () => {
    const [one, other] = [
      await updatesOf({ protection: 'encrypted' }, [4]),
      await updatesOf({ protection: 'encrypted' }, [4]),
    ];
    expect(one.updates).toEqual(other.updates);
  });
});
