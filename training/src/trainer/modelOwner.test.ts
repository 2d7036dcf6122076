import { beforeAll, describe, expect, it } from 'vitest';
import { defineProgram, type ProgramChoices } from '../program.js';
import { expectedPrecisionBits } from '../precision.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import {
  agreementBits,
  context,
  diabetes,
  linearModel,
  linearState,
  mse,
  packageOf,
  prepare,
  runRounds,
  syntheticTable,
  trainerOf,
  turns,
} from '../testing/fixtures.js';
import { trainInClear } from './localTraining.js';
import { trainOnShard } from './host.js';
import { createModelOwnerTrainer, type ModelOwnerTrainer, type SubsetUpdate } from './modelOwner.js';

const table = diabetes();
const prepared = prepare(table, 3);
const LEAST_SQUARES = 2859.6963475867506;

async function clearRun(choices: ProgramChoices, draws: readonly (readonly number[])[], data = prepared) {
  const program = defineProgram(choices);
  return trainInClear({ program, template: data.template, packages: data.packages, draws });
}

describe('training in clear', () => {
  it('reaches least squares on Diabetes', async () => {
    const { model } = await clearRun({}, turns(60, 3, 2));
    expect(mse(table, model)).toBeCloseTo(LEAST_SQUARES, 2);
  });

  it('comes close to it in 20 rounds of half of the skewed subsets', async () => {
    for (const [subsets, drawn] of [
      [2, 1],
      [3, 2],
      [5, 3],
      [10, 5],
    ] as const) {
      const data = prepare(table, subsets);
      const { model, rounds } = await clearRun({}, turns(20, subsets, drawn), data);
      expect(mse(table, model)).toBeLessThan(LEAST_SQUARES * 1.005);
      expect(rounds).toHaveLength(20);
      expect(rounds.at(-1)).toEqual(model);
    }
  });

  it('reaches it with Nesterov too', async () => {
    const { model } = await clearRun({ optimiser: { kind: 'nesterov', decay: 1 } }, turns(300, 3, 2));
    expect(mse(table, model)).toBeCloseTo(LEAST_SQUARES, 0);
  });

  it('finds the ridge solution: its gradient vanishes', async () => {
    const { model } = await clearRun({ lambda: 0.5 }, turns(60, 3, 3));
    const { means, scales, targetMean, targetScale } = prepared.template.statistics;
    const w = linearModel(model).weights.map((weight, j) => (weight * scales[j]!) / targetScale);
    for (let j = 0; j < 10; j++) {
      let gradient = 0.5 * w[j]!;
      for (let row = 0; row < 442; row++) {
        const z = (k: number): number => (table.values[row * 10 + k]! - means[k]!) / scales[k]!;
        const residual =
          w.reduce((sum, weight, k) => sum + weight * z(k), 0) -
          (table.targets[row]! - targetMean) / targetScale;
        gradient += (residual * z(j)) / 442;
      }
      expect(gradient).toBeCloseTo(0, 6);
    }
  });

  it('folds local steps: one round of k steps on one subset is k rounds of one', async () => {
    const nesterov = { kind: 'nesterov', decay: 1 } as const;
    const choices = { learningRate: 0.05, optimiser: nesterov };
    const trainers = await Promise.all(
      [1, 4].map((localSteps) =>
        trainerOf(prepared, defineProgram({ ...choices, localSteps, protection: 'plain' })),
      ),
    );
    const [single, folded] = trainers as [ModelOwnerTrainer, ModelOwnerTrainer];
    const reply = async (
      trainer: ModelOwnerTrainer,
      localSteps: number,
      weights: Float64Array,
    ): Promise<Float64Array> => {
      const first = trainer.initialState();
      const state = { ...first, model: { ...linearState(first), query: Array.from(weights) } };
      const program = defineProgram({ ...choices, localSteps, protection: 'plain' });
      const model = await trainer.modelForRound(state, 1);
      const bytes = await trainOnShard({
        package: packageOf(prepared, 0),
        program,
        model,
        heKey: trainer.heKey(),
        ...context,
        attempt: 1,
      });
      return new Float64Array(bytes.slice(96).buffer);
    };
    let weights = new Float64Array(10);
    for (let step = 0; step < 4; step++) weights = Float64Array.from(await reply(single, 1, weights));
    const once = await reply(folded, 4, new Float64Array(10));
    weights.forEach((weight, j) => expect(once[j]).toBeCloseTo(weight, 12));
  });

  it('stays bounded on tables that are hard to fit', async () => {
    const copies = syntheticTable(60, 32);
    const values = copies.values.map(
      (_, place) => copies.values[Math.floor(place / 32) * 32]! + 1e-3 * copies.values[place]!,
    );
    const data = prepare({ ...copies, values }, 2);
    const spread = data.template.statistics.targetScale ** 2;
    for (const optimiser of [
      { kind: 'quasiNewton', initialCurvature: 1 },
      { kind: 'nesterov', decay: 1 },
    ] as const) {
      const { model } = await clearRun({ optimiser }, turns(30, 2, 1), data);
      expect(mse(data.table, model)).toBeLessThan(spread);
    }
  });

  it('refuses a draw of a subset without package', async () => {
    await asyncRefusal(() => clearRun({}, [[3]]), 'VT7502');
  });
});

describe('training encrypted', () => {
  it.each([
    ['quasi-Newton', {}],
    ['Nesterov', { optimiser: { kind: 'nesterov', decay: 0.99 } }],
    ['ridge, five local steps', { lambda: 0.1, localSteps: 5 }],
  ] as const)('equals training in clear: %s', async (_name, choices) => {
    const program = defineProgram(choices);
    const draws = turns(20, 3, 2);
    const { trainer, state, metrics } = await runRounds(prepared, program, draws);
    const { model } = await clearRun(choices, draws);
    expect(Math.abs(mse(table, trainer.result(state)) - mse(table, model))).toBeLessThan(0.05);
    expect(agreementBits(trainer.result(state), model, prepared.template)).toBeGreaterThan(9);
    const expected = expectedPrecisionBits(program, prepared.template)!;
    for (const { precisionBits } of metrics) expect(precisionBits!).toBeGreaterThan(expected - 2);
    expect(metrics.every(({ unusable }) => unusable.length === 0)).toBe(true);
  });

  it('attack 55: whoever holds all drawn shards computes every model of the run in clear, as SECURITY.md says', async () => {
    const program = defineProgram();
    const draws = turns(6, 3, 2);
    const { rounds } = await clearRun({}, draws);
    for (const [index, model] of rounds.entries()) {
      const { trainer, state } = await runRounds(prepared, program, draws.slice(0, index + 1));
      expect(agreementBits(trainer.result(state), model, prepared.template)).toBeGreaterThan(9);
    }
  });

  it.each([1, 17, 32])('works for %d features', async (features) => {
    const data = prepare(syntheticTable(200, features), 2);
    const { trainer, state } = await runRounds(data, defineProgram(), turns(6, 2, 2));
    const { model } = await clearRun({}, turns(6, 2, 2), data);
    expect(mse(data.table, trainer.result(state))).toBeCloseTo(mse(data.table, model), 2);
  });
});

describe('a model owner', () => {
  const program = defineProgram();
  let trainer: ModelOwnerTrainer;
  let update: SubsetUpdate;

  beforeAll(async () => {
    trainer = await trainerOf(prepared, program);
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const job = {
      package: packageOf(prepared, 0),
      program,
      model,
      heKey: trainer.heKey(),
      ...context,
      attempt: 1,
    };
    update = { subset: 0, bytes: await trainOnShard(job) };
  });

  it('counts void rounds as attempts, not as rounds', async () => {
    const state = trainer.initialState();
    const { state: next, metrics } = await trainer.applyUpdates(state, 4, []);
    expect(next).toEqual({ ...state, attempt: 4 });
    expect(metrics).toMatchObject({ attempt: 4, rounds: 0, step: 0, precisionBits: null });
  });

  it('leaves out what decrypts to nonsense, and says so', async () => {
    const bytes = update.bytes.slice();
    const view = new DataView(bytes.buffer);
    view.setBigUint64(bytes.length - 8, view.getBigUint64(bytes.length - 8, true) ^ 1n, true);
    const { state, metrics } = await trainer.applyUpdates(trainer.initialState(), 1, [{ subset: 0, bytes }]);
    expect(metrics.unusable).toEqual([{ subset: 0, reason: expect.stringContaining('noise') as string }]);
    expect(linearState(state).weights).toEqual(linearState(trainer.initialState()).weights);
    expect(state).toMatchObject({ attempt: 1, rounds: 0 });
  });

  it('sends the same bytes for the same state and attempt, others for another attempt or model', async () => {
    const state = trainer.initialState();
    const bytes = await trainer.modelForRound(state, 1);
    expect(await trainer.modelForRound(state, 1)).toEqual(bytes);
    const residues = (message: Uint8Array): Buffer => Buffer.from(message.subarray(96));
    expect(residues(await trainer.modelForRound(state, 2)).equals(residues(bytes))).toBe(false);
    const query = linearState(state).query.map(() => 0.5);
    const moved = { ...state, model: { ...linearState(state), query } };
    const seed = (message: Uint8Array): Buffer => Buffer.from(message.subarray(96, 128));
    expect(seed(await trainer.modelForRound(moved, 1)).equals(seed(bytes))).toBe(false);
  });

  it('has another key for each couple, secret, channel and chaincode', async () => {
    const key = async (change: object): Promise<string> => {
      const secret = new Uint8Array(32).fill(9);
      const other = await createModelOwnerTrainer({
        program,
        template: prepared.template,
        secret,
        ...context,
        ...change,
      });
      return Buffer.from(other.heKey()).toString('hex', 96, 160);
    };
    const changes = [
      {},
      { couple: 'tc_2' },
      { channel: 'x' },
      { chaincode: 'x' },
      { secret: new Uint8Array(32) },
    ];
    expect(new Set(await Promise.all(changes.map(key))).size).toBe(5);
  });

  it('takes attempts in order, once', async () => {
    const { state } = await trainer.applyUpdates(trainer.initialState(), 1, [update]);
    await asyncRefusal(() => trainer.applyUpdates(state, 1, []), 'VT7503');
    await asyncRefusal(() => trainer.applyUpdates({ ...state, attempt: 7 }, 6, []), 'VT7503');
    for (const attempt of [0, -1, 1.5, 2 ** 32]) {
      await asyncRefusal(() => trainer.modelForRound(state, attempt), 'VT7501');
      await asyncRefusal(() => trainer.applyUpdates(state, attempt, []), 'VT7501');
    }
  });

  it('takes one update of each subset', async () => {
    const state = trainer.initialState();
    await asyncRefusal(() => trainer.applyUpdates(state, 1, [update, update]), 'VT7502');
    for (const subset of [3, -1, 0.5])
      await asyncRefusal(() => trainer.applyUpdates(state, 1, [{ ...update, subset }]), 'VT7502');
    await asyncRefusal(() => trainer.applyUpdates(state, 1, [{ ...update, subset: 1 }]), 'VT7408');
  });

  it('refuses a state that is broken, or of another program or dataset', async () => {
    const state = trainer.initialState();
    const other = prepare(syntheticTable(60, 3), 2);
    const foreign = await trainerOf(other, program);
    await asyncRefusal(
      () => trainer.modelForRound({ ...state, model: { ...linearState(state), weights: [Number.NaN] } }, 1),
      'VT7504',
    );
    await asyncRefusal(
      () => trainer.modelForRound({ ...state, model: { ...linearState(state), query: [] } }, 1),
      'VT7504',
    );
    refusal(() => trainer.result(foreign.initialState()), 'VT7504');
  });

  it('refuses a short secret, an empty couple, a wrong program or template', async () => {
    const options = { program, template: prepared.template, secret: new Uint8Array(32), ...context };
    await asyncRefusal(() => createModelOwnerTrainer({ ...options, secret: new Uint8Array(16) }), 'VT7501');
    await asyncRefusal(() => createModelOwnerTrainer({ ...options, couple: '' }), 'VT7501');
    await asyncRefusal(
      () =>
        createModelOwnerTrainer({
          ...options,
          program: { ...program, head: { ...program.head, lambda: -1 } },
        }),
      'VT7301',
    );
    await asyncRefusal(
      () => createModelOwnerTrainer({ ...options, template: { ...prepared.template, rows: 1 } }),
      'VT7201',
    );
  });

  it('stops early when asked, once the gradient stays small', async () => {
    const earlyStopping = { tolerance: 0.01, patience: 3 };
    const { metrics } = await runRounds(prepared, defineProgram({ earlyStopping }), turns(40, 3, 2));
    const last = metrics.findIndex(({ finished }) => finished);
    expect(last).toBeGreaterThan(3);
    expect(last).toBeLessThan(39);
    expect(metrics.slice(last).every(({ finished }) => finished)).toBe(true);
    const without = await runRounds(prepared, defineProgram({ protection: 'plain' }), turns(40, 3, 2));
    expect(without.metrics.some(({ finished }) => finished)).toBe(false);
  });
});
