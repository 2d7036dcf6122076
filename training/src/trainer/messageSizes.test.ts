import { describe, expect, it } from 'vitest';
import { defineProgram } from '../program.js';
import { context, prepare, syntheticTable, trainerOf } from '../testing/fixtures.js';
import { trainOnShard } from './host.js';
import { messageSizes } from './messageSizes.js';

describe('messageSizes', () => {
  for (const protection of ['plain', 'encrypted'] as const)
    for (const features of [1, 16, 17, 32])
      it(`attack 40: are those of the messages: ${protection}, ${features} features`, async () => {
        const program = defineProgram({ protection });
        const prepared = prepare(syntheticTable(120, features), 2);
        const trainer = await trainerOf(prepared, program);
        const heKey = trainer.heKey();
        const model = await trainer.modelForRound(trainer.initialState(), 1);
        const [shard] = prepared.packages;
        const update = await trainOnShard({ package: shard!, program, model, heKey, attempt: 1, ...context });
        expect(messageSizes(program, features)).toEqual({
          keyBytes: heKey.length,
          modelBytes: model.length,
          updateBytes: update.length,
          firstUpdateBytes: update.length,
        });
      });

  it('refuses what no table has', () => {
    for (const features of [0, 1025, 1.5, NaN])
      expect(() => messageSizes(defineProgram({}), features)).toThrow('VT7501');
    expect(() => messageSizes(defineProgram({}), 33)).toThrow('VT7302');
  });
});
