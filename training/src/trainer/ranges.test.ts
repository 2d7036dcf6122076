import { describe, expect, it } from 'vitest';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import { encodeMap } from '../he/circuits/hostMap.js';
import { defineProgram } from '../program.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { context, diabetes, linearState, packageOf, prepare, trainerOf } from '../testing/fixtures.js';
import { readOne, scheme } from '../testing/scheme.js';
import { trainOnShard } from './host.js';

const HEADER = 96;
const prepared = prepare(diabetes(), 3);
const plain = defineProgram({ protection: 'plain' });
const clear = await trainerOf(prepared, plain);
const encrypted = await trainerOf(prepared, defineProgram());

async function jobOf(trainer: typeof clear, program: typeof plain) {
  const model = await trainer.modelForRound(trainer.initialState(), 1);
  return { package: packageOf(prepared, 0), program, model, heKey: trainer.heKey(), ...context, attempt: 1 };
}

function withNumbers(bytes: Uint8Array, numbers: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  numbers.forEach((value, index) => view.setFloat64(HEADER + 8 * index, value, true));
  return copy;
}

describe('a model owner', () => {
  it('leaves out an update in clear that no host can make, and keeps a state that can be saved', async () => {
    const reply = await trainOnShard(await jobOf(clear, plain));
    for (const value of [1e308, -1e308, LARGEST_UPDATE + 1]) {
      const bytes = withNumbers(reply, [value, -value]);
      const { state, metrics } = await clear.applyUpdates(clear.initialState(), 1, [{ subset: 0, bytes }]);
      expect(metrics.unusable).toEqual([{ subset: 0, reason: expect.stringContaining('range') as string }]);
      expect(state).toEqual({ ...clear.initialState(), attempt: 1 });
      expect(await clear.modelForRound(JSON.parse(JSON.stringify(state)) as typeof state, 2)).toHaveLength(
        176,
      );
    }
  });

  it('leaves out an update that decrypts, without noise, to more than any host can answer', async () => {
    const bytes = (await trainOnShard(await jobOf(encrypted, defineProgram()))).fill(0, HEADER);
    // With a second part of 0 the first part is the message: no key is needed to write one.
    const map = {
      inputs: 10,
      outputs: 10,
      matrix: new Float64Array(100),
      offset: new Float64Array(10).fill(LARGEST_UPDATE + 2),
    };
    const trace = await readOne(encodeMap(scheme, map).offset);
    bytes.set(new Uint8Array(trace.buffer), HEADER);
    const { state, metrics } = await encrypted.applyUpdates(encrypted.initialState(), 1, [
      { subset: 0, bytes },
    ]);
    expect(metrics.unusable).toEqual([{ subset: 0, reason: expect.stringContaining('range') as string }]);
    expect(state).toEqual({ ...encrypted.initialState(), attempt: 1 });
  });

  it('refuses a state whose weights it cannot have given out', async () => {
    for (const trainer of [clear, encrypted]) {
      const state = trainer.initialState();
      const asking = (query: number): typeof state => {
        const model = linearState(state);
        return { ...state, model: { ...model, query: model.query.map(() => query) } };
      };
      expect((await trainer.modelForRound(asking(LARGEST_WEIGHT), 1)).length).toBeGreaterThan(HEADER);
      await asyncRefusal(() => trainer.modelForRound(asking(1e30), 1), 'VT7504');
    }
  });
});

describe('a state', () => {
  it('is refused where it remembers vectors of another length', () => {
    const [state, ten] = [clear.initialState(), Array.from({ length: 10 }, () => 0)];
    const changed = (change: object) => ({ ...state, model: { ...linearState(state), ...change } });
    const remember = (change: object) =>
      changed({
        memory: [{ replies: [{ point: ten, gradient: ten, ...change }], smoothness: 0 }, null, null],
      });
    expect(clear.result(remember({})).rounds).toBe(0);
    for (const change of [{ point: [0] }, { gradient: [] }])
      refusal(() => clear.result(remember(change)), 'VT7504');
    refusal(() => clear.result(changed({ before: [0] })), 'VT7504');
    refusal(() => clear.result(changed({ memory: [{ replies: [], smoothness: 0 }, null, null] })), 'VT7504');
  });
});

describe('a host', () => {
  it('refuses weights in clear that no model owner sends: sums of them need not be numbers', async () => {
    const job = await jobOf(clear, plain);
    const most = Array.from({ length: 10 }, () => LARGEST_WEIGHT);
    await trainOnShard({ ...job, model: withNumbers(job.model, most) });
    for (const value of [1e308, -1e308, LARGEST_WEIGHT * 1.01]) {
      const model = withNumbers(job.model, [value, -value, value, -value]);
      await asyncRefusal(() => trainOnShard({ ...job, model }), 'VT7411');
    }
  });
});
