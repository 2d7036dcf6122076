import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearParameters } from '../he/ckks/parameters.js';
import { defineProgram } from '../program.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { context, diabetes, packageOf, prepare, trainerOf } from '../testing/fixtures.js';
import { trainOnShard, type TrainJobInput } from '../trainer/host.js';
import type { TrainingErrorCode } from '../errors.js';

const prepared = prepare(diabetes(), 3);
const program = defineProgram();
const trainer = await trainerOf(prepared, program);
const state = trainer.initialState();
const heKey = trainer.heKey();
const model = await trainer.modelForRound(state, 1);
const job: TrainJobInput = { package: packageOf(prepared, 1), program, model, heKey, ...context, attempt: 1 };
const update = await trainOnShard(job);

const HEADER = 96;
const changed = (bytes: Uint8Array, change: (view: DataView) => void): Uint8Array => {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  return copy;
};
/** One change per field of the header, with the code that must follow. */
const fields: [string, TrainingErrorCode, (view: DataView) => void][] = [
  ['magic', 'VT7402', (view) => view.setUint8(0, 0x58)],
  ['version', 'VT7402', (view) => view.setUint8(4, 2)],
  ['kind', 'VT7402', (view) => view.setUint8(5, 18)],
  ['features (packing)', 'VT7406', (view) => view.setUint16(6, 11, true)],
  ['ring degree', 'VT7403', (view) => view.setUint32(8, 4096, true)],
  ['number of primes (level)', 'VT7404', (view) => view.setUint32(12, 1, true)],
  ['scale', 'VT7405', (view) => view.setUint32(16, 40, true)],
  ['attempt', 'VT7408', (view) => view.setUint32(20, 2, true)],
  ['subset', 'VT7408', (view) => view.setUint32(24, 2, true)],
  ['reserved field', 'VT7402', (view) => view.setUint32(28, 1, true)],
  ['parameters (moduli)', 'VT7403', (view) => view.setUint8(40, view.getUint8(40) ^ 1)],
  ['couple', 'VT7408', (view) => view.setUint8(70, view.getUint8(70) ^ 1)],
];

const messages: [string, Uint8Array, (bytes: Uint8Array, code: TrainingErrorCode) => Promise<unknown>][] = [
  ['key', heKey, (bytes, code) => asyncRefusal(() => trainOnShard({ ...job, heKey: bytes }), code)],
  ['model', model, (bytes, code) => asyncRefusal(() => trainOnShard({ ...job, model: bytes }), code)],
  [
    'update',
    update,
    async (bytes, code) => {
      await asyncRefusal(() => trainer.applyUpdates(state, 1, [{ subset: 1, bytes }]), code);
      refusal(() => trainer.checkUpdate(state, bytes, 1, 1), code);
    },
  ],
];

describe.each(messages)('an encrypted %s', (name, bytes, refuse) => {
  it.each(fields)('with another %s is refused', async (_field, code, change) => {
    await refuse(changed(bytes, change), code);
  });

  it('that is cut off or too long is refused', async () => {
    const lengths = [0, 1, 50, HEADER - 1, HEADER, HEADER + 8, bytes.length - 8, bytes.length - 1];
    for (const length of lengths) await refuse(bytes.slice(0, length), 'VT7401');
    await refuse(Buffer.concat([bytes, new Uint8Array(8)]), 'VT7401');
  });

  it('of random bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: HEADER, maxLength: 400 }), async (random) => {
        await refuse(random, 'VT7402');
      }),
      { numRuns: 20 },
    );
  });

  it('with a residue that is not below its prime is refused', async () => {
    const first = name === 'model' ? HEADER + 32 : HEADER;
    const [q] = linearParameters.primes;
    await refuse(
      changed(bytes, (view) => view.setBigUint64(first, q!, true)),
      'VT7407',
    );
    await refuse(
      changed(bytes, (view) => view.setBigUint64(bytes.length - 8, 2n ** 64n - 1n, true)),
      'VT7407',
    );
  });

  it('of another couple, chaincode or channel is refused (attack 25)', async () => {
    for (const other of [{ couple: 'tc_2' }, { chaincode: 'other' }, { channel: 'other' }]) {
      if (name === 'update') continue; // covered by the header's field: a trainer serves one couple
      await asyncRefusal(() => trainOnShard({ ...job, ...other }), 'VT7408');
    }
  });
});

describe('messages', () => {
  it('are read from Buffers at any offset as from arrays', async () => {
    const shifted = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    const again = await trainOnShard({ ...job, model: shifted(model), heKey: shifted(heKey) });
    expect(Buffer.compare(again, update)).toBe(0);
    const apply = (bytes: Uint8Array) => trainer.applyUpdates(state, 1, [{ subset: 1, bytes }]);
    expect(await apply(shifted(update))).toEqual(await apply(update));
  });

  it('are not changed by whoever reads them', async () => {
    const before = [model, heKey, update].map((bytes) => bytes.slice());
    await trainOnShard(job);
    await trainer.applyUpdates(state, 1, [{ subset: 1, bytes: update }]);
    expect([model, heKey, update]).toEqual(before);
  });

  it('of clear and encrypted programs do not mix', async () => {
    const plain = defineProgram({ protection: 'plain' });
    const clear = await trainerOf(prepared, plain);
    await asyncRefusal(() => trainOnShard({ ...job, program: plain }), 'VT7402');
    const sent = await clear.modelForRound(clear.initialState(), 1);
    await asyncRefusal(() => trainOnShard({ ...job, model: sent }), 'VT7402');
    await asyncRefusal(
      () => clear.applyUpdates(clear.initialState(), 1, [{ subset: 1, bytes: update }]),
      'VT7402',
    );
  });

  it('in clear are refused with anything but finite numbers', async () => {
    const plain = defineProgram({ protection: 'plain' });
    const clear = await trainerOf(prepared, plain);
    const first = clear.initialState();
    const sent = await clear.modelForRound(first, 1);
    const clearJob = { ...job, program: plain, heKey: clear.heKey(), model: sent };
    const reply = await trainOnShard(clearJob);
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const spoil = (bytes: Uint8Array): Uint8Array =>
        changed(bytes, (view) => view.setFloat64(HEADER, value, true));
      await asyncRefusal(() => trainOnShard({ ...clearJob, model: spoil(sent) }), 'VT7409');
      await asyncRefusal(() => clear.applyUpdates(first, 1, [{ subset: 1, bytes: spoil(reply) }]), 'VT7409');
    }
    refusal(() => clear.checkUpdate(first, reply.slice(0, -8), 1, 1), 'VT7401');
  });
});
