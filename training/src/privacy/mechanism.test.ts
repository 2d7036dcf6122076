import { describe, expect, it } from 'vitest';
import { rowTableOf } from '../data/split.js';
import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { syntheticTable } from '../testing/fixtures.js';
import { binaryTable } from '../testing/logistic.js';
import { domainOf } from './domain.js';
import { momentsSensitivity, noisedSums, outerSums, rowUnits } from './moments.js';
import { GaussianNoise } from './noise.js';
import { noisedStatistics, statisticsSensitivity } from './statistics.js';

const drbg = new Drbg(Buffer.from('mechanism'));
const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
const noNoise = new GaussianNoise(new Drbg(Buffer.from('none')));

/** The table with one row replaced: anything, far outside its bounds too. */
function neighbour(table: Table, row: number): Table {
  const values = Float64Array.from(table.values);
  const targets = Float64Array.from(table.targets);
  const far = 10 ** (4 * Math.abs(uniform()) - 2);
  for (let j = 0; j < table.features; j++) values[row * table.features + j] = far * uniform();
  targets[row] = far * uniform();
  return { ...table, values, targets };
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, place) => sum + (value - b[place]!) ** 2, 0));
}

describe('what is released of neighbouring tables', () => {
  it.each([1, 3, 8])('differs by the sensitivity of moments at most: %s features', (features) => {
    const rows = Uint32Array.from({ length: 40 }, (_, row) => row);
    let most = 0;
    for (let trial = 0; trial < 150; trial++) {
      const table = syntheticTable(40, features, `table ${trial}`);
      const clip = 0.2 + 3 * Math.abs(uniform());
      const terms = { clip, targetClip: 0.5 + 2 * Math.abs(uniform()) };
      const bounds = Object.fromEntries([...table.columns, 'y'].map((name) => [name, [-3, 3] as const]));
      const domain = domainOf(rowTableOf(table), { bounds, observed: false });
      const statistics = {
        means: table.columns.map(() => uniform() / 5),
        scales: table.columns.map(() => 0.05 + Math.abs(uniform())),
        targetMean: uniform(),
        targetScale: 0.1 + Math.abs(uniform()),
      };
      const clipping = { domain, statistics, terms };
      const sums = outerSums(rowTableOf(table), rows, clipping);
      const others = outerSums(rowTableOf(neighbour(table, 7)), rows, clipping);
      const share = distance(sums, others) / momentsSensitivity(terms);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
      most = Math.max(most, share);
    }
    // The bound is close: another, a half of it, would be false.
    expect(most).toBeGreaterThan(0.6);
  });

  it('differs by the sensitivity of the statistics at most, and by all of it where a row goes from bound to bound', () => {
    const terms = { ...syntheticTable(40, 3) };
    const bounds = { x0: [-1, 1], x1: [-1, 1], x2: [-1, 1], y: [-3, 3] } as const;
    const sumsOf = (table: Table): Float64Array => {
      const rowTable = rowTableOf(table);
      const domain = domainOf(rowTable, { bounds, observed: false });
      const { means, scales, targetMean, targetScale } = noisedStatistics(rowTable, domain, noNoise, 0);
      // Back to the sums of t and t², in units of the bounds.
      const halves = [1, 1, 1, 3];
      const first = [...means, targetMean].map((mean, place) => (mean / halves[place]!) * table.rows);
      const second = [...scales, targetScale].map(
        (scale, place) => ((scale / halves[place]!) ** 2 + (first[place]! / table.rows) ** 2) * table.rows,
      );
      return Float64Array.of(...first, ...second);
    };
    const bound = statisticsSensitivity(4);
    for (let trial = 0; trial < 200; trial++)
      expect(distance(sumsOf(terms), sumsOf(neighbour(terms, trial % 40)))).toBeLessThanOrEqual(bound + 1e-4);
    const at = (value: number): Table => {
      const values = Float64Array.from(terms.values);
      values.fill(value, 0, 3);
      return { ...terms, values, targets: Float64Array.from(terms.targets).fill(3 * value, 0, 1) };
    };
    expect(Math.abs(distance(sumsOf(at(-1)), sumsOf(at(1))) - bound)).toBeLessThan(1e-4);
  });

  it('counts each row once, in vectors of the stated length', () => {
    const terms = { clip: 2, targetClip: 3 };
    const { ones, target, longest } = rowUnits(terms);
    expect(longest).toBeCloseTo(Math.hypot(2, ones, target * 3), 12);
    expect(momentsSensitivity(terms)).toBeCloseTo(Math.SQRT2 * longest ** 2, 12);
  });
});

describe('the noise', () => {
  it('has the calibrated deviation, half of its variance beside the diagonal, and none on the count', () => {
    const [size, deviation] = [20, 7];
    const noise = new GaussianNoise(new Drbg(Buffer.from('deviation')));
    const squares = { diagonal: 0, beside: 0, sum: 0 };
    const repeats = 200;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const noised = noisedSums(new Float64Array(size * size), noise, deviation);
      expect(noised[0]).toBe(0);
      for (let i = 0; i < size; i++)
        for (let j = i; j < size; j++) {
          const entry = noised[i * size + j]!;
          expect(noised[j * size + i]).toBe(entry);
          squares[i === j ? 'diagonal' : 'beside'] += entry * entry;
          squares.sum += entry;
        }
    }
    const draws = { diagonal: repeats * (size - 1), beside: (repeats * size * (size - 1)) / 2 };
    // Five standard errors of a variance: √(2 / draws).
    const apart = (of: 'diagonal' | 'beside', variance: number): number =>
      Math.abs(squares[of] / draws[of] / variance - 1) * Math.sqrt(draws[of] / 2);
    expect(apart('diagonal', deviation ** 2)).toBeLessThan(5);
    expect(apart('beside', deviation ** 2 / 2)).toBeLessThan(5);
    expect(Math.abs(squares.sum) / (deviation * Math.sqrt(draws.beside))).toBeLessThan(5);
  });

  it('says nothing of the last digits of what it hides', () => {
    const noise = new GaussianNoise(new Drbg(Buffer.from('grid')));
    for (let draw = 0; draw < 100; draw++)
      expect(Number.isInteger(noise.around(Math.PI * 1000, 3) * 2 ** 20)).toBe(true);
  });

  it('keeps the two values of a target, whatever share it says', () => {
    const table = rowTableOf(binaryTable('noisy', 2, 1));
    const domain = domainOf(table, { bounds: {}, observed: true });
    for (let draw = 0; draw < 50; draw++) {
      const noise = new GaussianNoise(new Drbg(Buffer.from(`share ${draw}`)));
      const { targetMean, targetScale } = noisedStatistics(table, domain, noise, 500);
      expect(targetMean).toBeGreaterThanOrEqual(0.01);
      expect(targetMean).toBeLessThanOrEqual(0.99);
      expect(targetScale ** 2).toBeCloseTo(targetMean * (1 - targetMean), 12);
    }
  });
});
