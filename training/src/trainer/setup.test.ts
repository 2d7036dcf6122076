import { describe, expect, it, vi } from 'vitest';
import { applyImaginary, applyMap } from '../models/applyMap.js';
import type { ModelFamily } from '../models/family.js';
import { defineProgram } from '../program.js';
import { refusal } from '../testing/errors.js';
import { context, gramOf, packageOf, prepare, syntheticTable, trainerOf } from '../testing/fixtures.js';
import { mapOf, query, setupOf, type Seen } from '../testing/fullFamily.js';
import { trainOnShard } from './host.js';
import { messageSizes } from './messageSizes.js';
import type { TrainerState } from './state.js';

// Stands where the linear family is: programs have no other yet.
vi.mock('../models/linear/index.js', async (original) => {
  const { linear } = await original<{ linear: ModelFamily }>();
  const { fullFamily } = await import('../testing/fullFamily.js');
  return { linear: fullFamily(linear) };
});

const prepared = prepare(syntheticTable(120, 5), 3);
const seenIn = (state: TrainerState) => (state.model as Seen).replies;

async function open(protection: 'plain' | 'encrypted') {
  const program = defineProgram({ protection });
  const trainer = await trainerOf(prepared, program);
  const reply = async (state: TrainerState, attempt: number, subset: number) => ({
    subset,
    bytes: await trainOnShard({
      package: packageOf(prepared, subset),
      program,
      model: await trainer.modelForRound(state, attempt),
      heKey: trainer.heKey(),
      ...context,
      attempt,
    }),
  });
  return { program, trainer, reply, sizes: messageSizes(program, 5) };
}

describe.each(['plain', 'encrypted'] as const)(
  'messages with everything they can carry, %s',
  async (protection) => {
    const { trainer, reply, sizes } = await open(protection);
    const first = trainer.initialState();
    const updates = [await reply(first, 1, 0), await reply(first, 1, 1)];
    const { state, metrics } = await trainer.applyUpdates(first, 1, updates);

    it('have the sizes that are known beforehand', async () => {
      expect((await trainer.modelForRound(first, 1)).length).toBe(sizes.modelBytes);
      expect(updates[0]!.bytes.length).toBe(sizes.firstUpdateBytes);
      expect((await reply(state, 2, 0)).bytes.length).toBe(sizes.updateBytes);
      expect(trainer.heKey().length).toBe(sizes.keyBytes);
    });

    it('bring both results and the set-up', () => {
      expect(metrics.unusable).toEqual([]);
      for (const subset of [0, 1]) {
        const gram = gramOf(packageOf(prepared, subset));
        const seen = seenIn(state)[subset]!;
        const far = (found: readonly number[], expected: Float64Array): number =>
          Math.max(
            Math.abs(found.length - expected.length),
            ...found.map((v, i) => Math.abs(v - expected[i]!)),
          );
        expect(far(seen.values, applyMap(mapOf(gram), query))).toBeLessThan(2 ** -17);
        expect(far(seen.imaginary, applyImaginary(mapOf(gram), query))).toBeLessThan(2 ** -17);
        expect(far(seen.setup!, setupOf(gram))).toBeLessThan(2 ** -19);
      }
    });

    it('bring the set-up until the state has it, and then no more', async () => {
      const again = await reply(first, 2, 0); // the first reply was lost
      expect(again.bytes.length).toBe(sizes.firstUpdateBytes);
      const later = [await reply(state, 2, 0), await reply(state, 2, 2)];
      expect(later.map(({ bytes }) => bytes.length)).toEqual([sizes.updateBytes, sizes.firstUpdateBytes]);
      const next = await trainer.applyUpdates(state, 2, later);
      expect(seenIn(next.state)[0]!.setup).toBeUndefined();
    });

    it('are refused with a set-up that the state has, or without one that it lacks', async () => {
      const [withSetup, without] = [updates[0]!.bytes, (await reply(state, 1, 0)).bytes];
      trainer.checkUpdate(first, withSetup, 1, 0);
      trainer.checkUpdate(state, without, 1, 0);
      refusal(() => trainer.checkUpdate(state, withSetup, 1, 0), 'VT7401');
      refusal(() => trainer.checkUpdate(first, without, 1, 0), 'VT7401');
      await expect(trainer.applyUpdates(first, 1, [{ subset: 0, bytes: without }])).rejects.toThrow('VT7401');
    });

    it('that the family does not believe are left out, with its reason', async () => {
      const { state: next, metrics: said } = await trainer.applyUpdates(first, 1, [await reply(first, 1, 2)]);
      expect(said.unusable).toEqual([{ subset: 2, reason: 'subset 2 is never believed' }]);
      expect(next).toMatchObject({ rounds: 0, attempt: 1 });
    });

    it('are the same from replicas, and after a restart', async () => {
      const restarted = await open(protection);
      expect(await restarted.reply(first, 1, 0)).toEqual(updates[0]);
      expect(await restarted.trainer.modelForRound(state, 2)).toEqual(await trainer.modelForRound(state, 2));
    });
  },
);

it('a set-up that is bent is seen by its noise', async () => {
  const { trainer, reply } = await open('encrypted');
  const first = trainer.initialState();
  const { bytes } = await reply(first, 1, 0);
  bytes[bytes.length - 9]! ^= 1;
  const { metrics } = await trainer.applyUpdates(first, 1, [{ subset: 0, bytes }]);
  expect(metrics.unusable).toEqual([{ subset: 0, reason: expect.stringContaining('noise') as string }]);
});
