import { describe, expect, it } from 'vitest';
import type { Recipe } from './data/recipe/recipe.js';
import {
  fewRows,
  momentsText,
  productsOf,
  requireValuesPerMoment,
  shownMoments,
} from './data/shownMoments.js';
import { splitTable } from './data/split.js';
import { Drbg } from './drbg.js';
import { defineProgram, type TrainingProgram } from './program.js';
import { programMoments } from './programMoments.js';
import { refusal } from './testing/errors.js';
import { diabetes, syntheticTable } from './testing/fixtures.js';

const seed = Buffer.from('moments');
const templateFor = (rows: number, features: number, subsets: number) =>
  splitTable(syntheticTable(rows, features), { subsets, seed }).template;

/** A number with a flag for gaps, and a column of three texts with one for the others. */
const recipe: Recipe = {
  columns: [
    { column: 'x', kind: 'number', missing: { fill: 3, flag: true } },
    {
      column: 'colour',
      kind: 'category',
      reference: 'red',
      levels: ['blue', 'green'],
      other: true,
      missing: 'flag',
    },
    { column: 'z', kind: 'number' },
  ],
};

describe('products of features', () => {
  it('are as many as differ, by hand', () => {
    expect(productsOf({ features: 3 }, 1)).toBe(3);
    expect(productsOf({ features: 3 }, 2)).toBe(9);
    expect(productsOf({ features: 3 }, 3)).toBe(19);
    expect(productsOf({ features: 10 }, 4)).toBe(1000);
  });

  it('are as many as differ on rows: columns of texts add their flags alone', () => {
    const drbg = new Drbg(seed);
    // x, x is missing, blue, green, other, missing, z
    const rows = Array.from({ length: 400 }, () => {
      const [x, colour] = [drbg.below(1000), drbg.below(5)];
      const isMissing = x > 900;
      return [
        isMissing ? 3 : x,
        Number(isMissing),
        ...[0, 1, 2, 3].map((one) => Number(one === colour)),
        drbg.below(997),
      ];
    });
    for (const degree of [1, 2, 3]) {
      const seen = new Set<string>();
      const multiply = (product: readonly number[], from: number, left: number): void => {
        for (let feature = from; left > 0 && feature < 7; feature++) {
          const next = product.map((value, row) => value * rows[row]![feature]!);
          // A gap's value is known, so x times its flag is three times the flag.
          const scale = next.find((value) => value !== 0);
          if (scale !== undefined) seen.add(next.map((value) => value / scale).join(' '));
          multiply(next, feature, left - 1);
        }
      };
      multiply(
        rows.map(() => 1),
        0,
        degree,
      );
      expect(productsOf({ features: 7, recipe }, degree)).toBe(seen.size);
    }
  });
});

describe('what a program shows', () => {
  const template = splitTable(diabetes(), { subsets: 5, seed }).template;
  const of = (program: TrainingProgram): number => programMoments(program, template);

  it('grows with what its family and its map show', () => {
    const wide = templateFor(4000, 40, 2);
    expect(of(defineProgram())).toBe(65 + 11);
    expect(of(defineProgram({ family: 'logistic', degree: 1 }))).toBe(65 + 11);
    expect(of(defineProgram({ family: 'logistic', degree: 2 }))).toBe(285 + 11);
    const classes = [0, 1, 2, 3] as const;
    expect(of(defineProgram({ family: 'ridgeClassifier', classes: [...classes] }))).toBe(65 + 44);
    // 65 features of degree 2: fourth moments of ten columns, not 65 · 66 / 2.
    expect(of(defineProgram({ family: 'ridge', featureMap: { kind: 'polynomial', degree: 2 } }))).toBe(1066);
    const layer = { kind: 'random-layer', units: 200, seed: 'x' } as const;
    const mapped = programMoments(defineProgram({ family: 'ridge', featureMap: layer }), wide);
    expect(mapped).toBeGreaterThan(20_000);
    refusal(() => programMoments(defineProgram(), wide), 'VT7302');
  });

  it('is judged against the values of the smallest subset', () => {
    expect(shownMoments(template, of(defineProgram()))).toEqual({
      moments: 76,
      subsets: [0],
      rows: 88,
      values: 968,
    });
    requireValuesPerMoment(template, 4, of(defineProgram()));
    expect(fewRows(shownMoments(template))).toBeUndefined();
    const degree2 = of(defineProgram({ family: 'logistic', degree: 2 }));
    const error = refusal(() => requireValuesPerMoment(template, 4, degree2), 'VT7510');
    expect(error.facts).toEqual({ subset: 0, rows: 88, values: 968, moments: 296, least: 4, enough: 4 });
    expect(error.message).toContain(
      'subset 0 has 88 rows, 968 values, for 296 moments: 3.2 for each, fewer than 4. 4 subsets',
    );
    requireValuesPerMoment(splitTable(diabetes(), { subsets: 4, seed }).template, 4, degree2);
    requireValuesPerMoment(template, 3.2, degree2);
    requireValuesPerMoment(template, 0, 1e9);
    for (const least of [-1, 1001, Number.NaN])
      refusal(() => requireValuesPerMoment(template, least), 'VT7501');
  });

  it('is judged against a batch, where replies are added up', () => {
    const sums = splitTable(diabetes(), { subsets: 15, seed, aggregation: 'sum' }).template;
    const single = splitTable(diabetes(), { subsets: 15, seed }).template;
    const moments = of(defineProgram({ family: 'logistic', degree: 2 }));
    expect(shownMoments(sums, moments)).toMatchObject({ subsets: [0, 1, 2], rows: 88 });
    requireValuesPerMoment(sums, 3, moments);
    expect(refusal(() => requireValuesPerMoment(single, 3, moments), 'VT7510').message).toContain(
      ', or sums',
    );
    expect(momentsText(shownMoments(single, moments))).toBe(
      '29 rows, 319 values, for 296 moments: 1 for each',
    );
    const few = refusal(() => requireValuesPerMoment(sums, 20, moments), 'VT7510');
    expect(few.facts.enough).toBe(0);
    expect(few.message).toContain('No number of subsets is few enough');
  });

  it('of 1,024 features made of the pixels of images is little beside the pixels', () => {
    const pixels = { features: 784, subsetRows: Array<number>(7).fill(8571) };
    const moments = productsOf({ features: 1024 }, 2) + 10 * 1025;
    requireValuesPerMoment(pixels, 4, moments);
    const few = { features: 10, subsetRows: Array<number>(5).fill(88) };
    refusal(() => requireValuesPerMoment(few, 4, moments), 'VT7510');
  });
});
