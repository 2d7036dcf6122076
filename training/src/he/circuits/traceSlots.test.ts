import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { decodeTrace } from './traceSlots.js';

const drbg = new Drbg(Buffer.from('slots'));

/** The slots by definition, with cosines and sines of the platform. */
function expectedSlots(
  coefficients: readonly bigint[],
  block: number,
): { real: number[]; imaginary: number[] } {
  const order = 2 * coefficients.length;
  const slots = coefficients.length / 2;
  const [real, imaginary] = [Array<number>(slots), Array<number>(slots)];
  for (let slot = 0, exponent = 1; slot < slots; slot++, exponent = (exponent * 3) % order) {
    const angles = coefficients.map((_, k) => (2 * Math.PI * ((k * exponent) % order)) / order);
    const sum = (part: (angle: number) => number): number =>
      coefficients.reduce((total, value, k) => total + Number(value) * block * part(angles[k]!), 0);
    real[slot] = sum(Math.cos);
    imaginary[slot] = (slot % 2 === 0 ? 1 : -1) * sum(Math.sin);
  }
  return { real, imaginary };
}

describe('the slots of a trace', () => {
  it.each([1, 2, 16, 32, 64, 256, 1024])('are the values at odd powers of a root: %d slots', (slots) => {
    const coefficients = Array.from({ length: 2 * slots }, () => BigInt(drbg.below(2001) - 1000));
    const found = decodeTrace(coefficients, 4, 0);
    const expected = expectedSlots(coefficients, 4);
    for (const part of ['real', 'imaginary'] as const) {
      expect(found[part]).toHaveLength(slots);
      found[part].forEach((value, slot) => expect(value).toBeCloseTo(expected[part][slot]!, 5));
    }
  });
});
