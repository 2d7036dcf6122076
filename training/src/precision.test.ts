import { describe, expect, it } from 'vitest';
import { expectedPrecisionBits, resultBits } from './precision.js';
import { defineProgram } from './program.js';
import { diabetes, linearModel, linearState, prepare, runRounds, turns } from './testing/fixtures.js';

const prepared = prepare(diabetes(), 3);

describe('precision', () => {
  it('attack 53: gives results that are rounded well above the noise of an update', async () => {
    const { trainer, state } = await runRounds(prepared, defineProgram(), turns(6, 3, 2));
    const bits = resultBits(defineProgram(), prepared.template)!;
    expect(bits).toBe(18);
    expect(resultBits(defineProgram({ protection: 'plain' }), prepared.template)).toBeNull();
    const { scales, targetScale } = prepared.template.statistics;
    const { weights } = linearState(state);
    const steps = linearModel(trainer.result(state)).weights.map(
      (weight, j) => (weight * scales[j]! * 2 ** bits) / targetScale,
    );
    for (const step of steps) expect(Math.abs(step - Math.round(step))).toBeLessThan(1e-6);
    expect(weights.some((weight) => !Number.isInteger(weight * 2 ** bits))).toBe(true);
    // Whatever noise of that size is in the state, the result is the same.
    const rounded = weights.map((weight) => Math.round(weight * 2 ** bits) / 2 ** bits);
    const nudged = rounded.map((weight) => weight + 2 ** -20.2);
    const resultWith = (changed: number[]) =>
      trainer.result({ ...state, model: { ...linearState(state), weights: changed } });
    expect(resultWith(nudged)).toEqual(resultWith(rounded));
  });

  it('expects less of sums: the noises of all updates of the largest batch', () => {
    const { template } = prepare(diabetes(), 7, { aggregation: 'sum' });
    expect(expectedPrecisionBits(defineProgram(), template)).toBeCloseTo(19.2, 1);
    expect(resultBits(defineProgram(), template)).toBe(17);
  });

  it('says how precise it expects to be', () => {
    expect(expectedPrecisionBits(defineProgram(), prepared.template)).toBeCloseTo(20.2, 1);
    expect(expectedPrecisionBits(defineProgram({ protection: 'plain' }), prepared.template)).toBeNull();
  });
});
