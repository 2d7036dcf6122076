import { describe, it } from 'vitest';
import { defineProgram } from '../program.js';
import { asyncRefusal } from '../testing/errors.js';
import { context, diabetes, packageOf, prepare, trainerOf } from '../testing/fixtures.js';
import { trainInClear } from './clearTwin.js';
import { trainOnShard } from './host.js';

const prepared = prepare(diabetes(), 3);
const { template, packages } = prepared;

describe('a host', () => {
  it('refuses a shard on which local steps explode', async () => {
    const wide = { learningRate: 2, localSteps: 50, protection: 'plain' } as const;
    await asyncRefusal(
      () => trainInClear({ program: defineProgram(wide), template, packages, draws: [[0]] }),
      'VT7505',
    );
  });

  it('refuses attempts and names that are none', async () => {
    const program = defineProgram();
    const trainer = await trainerOf(prepared, program);
    const model = trainer.modelForRound(trainer.initialState(), 1);
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
    await asyncRefusal(() => trainOnShard({ ...job, program: { ...program, localSteps: 0 } }), 'VT7301');
  });
});
