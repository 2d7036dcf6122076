import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../he/backends/wasm/wasmBackend.js';
import type { HeBackend } from '../he/ring/backend.js';
import { defineProgram } from '../program.js';
import { asyncRefusal } from '../testing/errors.js';
import { context, diabetes, packageOf, prepare } from '../testing/fixtures.js';
import { createReferenceBackend } from '../testing/referenceBackend.js';
import { trainOnShard } from './host.js';
import { createModelOwnerTrainer } from './modelOwner.js';

const prepared = prepare(diabetes(), 3);
const program = defineProgram();
const secret = new Uint8Array(32).fill(9);
const trainerOn = (backend?: HeBackend) =>
  createModelOwnerTrainer({ program, template: prepared.template, secret, ...context, backend });

/** One round, on one backend: all bytes, and the next state. */
async function roundOn(backend?: HeBackend) {
  const trainer = await trainerOn(backend);
  const [heKey, state] = [trainer.heKey(), trainer.initialState()];
  const model = await trainer.modelForRound(state, 1);
  const job = { package: packageOf(prepared, 1), program, model, heKey, ...context, attempt: 1, backend };
  const bytes = await trainOnShard(job);
  const applied = await trainer.applyUpdates(state, 1, [{ subset: 1, bytes }]);
  return { job, heKey, model, bytes, applied };
}

const broken: HeBackend = {
  name: 'broken',
  open: () => Promise.reject(new Error('there is no such device')),
};

describe('whoever trains', () => {
  it('may bring a backend, and gets the same bytes from each', async () => {
    const { job: _, ...expected } = await roundOn();
    for (const backend of [createWasmBackend(), createReferenceBackend()]) {
      const { job: __, ...found } = await roundOn(backend);
      expect(found).toEqual(expected);
    }
  });

  it('hears of a backend that does not open', async () => {
    const { job } = await roundOn();
    await expect(trainerOn(broken)).rejects.toThrow('no such device');
    await expect(trainOnShard({ ...job, backend: broken })).rejects.toThrow('no such device');
  });

  it('refuses malformed messages before the backend is opened', async () => {
    const { job } = await roundOn();
    for (const field of ['model', 'heKey'] as const) {
      const bytes = job[field].slice();
      await asyncRefusal(() => trainOnShard({ ...job, backend: broken, [field]: bytes.slice(8) }), 'VT7402');
      bytes.fill(0xff, 200, 208);
      await asyncRefusal(() => trainOnShard({ ...job, backend: broken, [field]: bytes }), 'VT7407');
    }
  });
});
