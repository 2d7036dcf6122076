import { describe, expect, it } from 'vitest';
import { defineProgram } from '../program.js';
import { asyncRefusal } from '../testing/errors.js';
import { diabetes, mse, prepare, syntheticTable, turns } from '../testing/fixtures.js';
import { trainEncrypted, trainInClear } from './localTraining.js';

const table = diabetes();
const { template, packages } = prepare(table, 3);

describe('a training in one process', () => {
  it('is the same encrypted and in clear, but for the noise', async () => {
    for (const data of [undefined, 'encrypted'] as const) {
      const training = {
        program: defineProgram({ ...(data && { data }) }),
        template,
        packages,
        draws: turns(12, 3, 2),
      };
      const encrypted = await trainEncrypted(training);
      const clear = await trainInClear(training);
      expect(encrypted.rounds).toHaveLength(12);
      expect(encrypted.rounds.at(-1)).toEqual(encrypted.model);
      // Noise is there, so the models differ; it is small, so that they serve as well.
      expect(encrypted.model).not.toEqual(clear.model);
      expect(Math.abs(mse(table, encrypted.model) / mse(table, clear.model) - 1)).toBeLessThan(1e-4);
    }
  });

  it('gives the same model by the same secret', async () => {
    const secret = new Uint8Array(32).fill(1);
    const training = { program: defineProgram({}), template, packages, draws: turns(12, 3, 2), secret };
    expect(await trainEncrypted(training)).toEqual(await trainEncrypted(training));
  });

  it('refuses a draw of a subset that nobody has', async () => {
    const program = defineProgram({});
    const small = prepare(syntheticTable(60, 3), 2);
    const draws = [[0, 2]];
    const refused = await asyncRefusal(
      () => trainEncrypted({ program, template: small.template, packages: small.packages, draws }),
      'VT7502',
    );
    expect(refused.facts).toEqual({ subset: 2 });
  });
});
