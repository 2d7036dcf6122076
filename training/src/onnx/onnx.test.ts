import { describe, expect, it } from 'vitest';
import { parseRows } from '../data/rows.js';
import type { MapDocument } from '../maps/registry.js';
import { classesOf, classProbabilities, predict } from '../models/predict.js';
import { familyNames } from '../models/registry.js';
import * as fixtures from '../testing/customers.js';
import { refusal } from '../testing/errors.js';
import { gapOf, runOnnx } from '../testing/onnx.js';
import { encodeOnnx, type OnnxSource } from './index.js';

const { customers, customersCsv, features, madeUpModel, recipe, strangers, uniform } = fixtures;
const rows = [...customers.slice(0, 40), ...strangers];

const identity = { kind: 'identity' } as const;
const polynomial = { kind: 'polynomial', degree: 2 } as const;
const layer = { kind: 'random-layer', units: 30, seed: 'test' } as const;
const image = {
  ...({ kind: 'random-convolution', height: 9, width: 8, white: 255 } as const),
  ...{ filters: 6, stride: 1, tiles: 2, seed: 'test' },
};

async function compare(model: OnnxSource, given: readonly Readonly<Record<string, string>>[], csv: string) {
  const table = parseRows(csv, { columns: model.columns, recipe: model.recipe });
  const wanted = [...predict(table, model)];
  const said = await runOnnx(encodeOnnx(model), given);
  if (said.prediction === undefined) {
    const text = (value: number): number | string => model.recipe?.classes?.[value] ?? value;
    const decided = classesOf(model, wanted);
    expect(said.label).toEqual((decided?.predictedClasses ?? wanted).map(text));
  }
  const ofClasses = classProbabilities(table, model)?.probabilities;
  const ofTwo = wanted.flatMap((second) => [1 - second, second]);
  const numbers = said.prediction ?? said.probabilities;
  const expected = said.prediction ? wanted : (ofClasses ?? ofTwo);
  if (numbers !== undefined) expect(gapOf(numbers, expected)).toBeLessThan(1e-12);
  if (ofClasses !== undefined) expect(said.probabilities).toHaveLength(ofClasses.length);
  expect(new Set(wanted).size).toBeGreaterThan(1);
}

describe.each<MapDocument>([identity, polynomial, layer])('an ONNX file on the map $kind', (map) => {
  it.each(familyNames)('predicts raw rows as a %s model does', async (family) => {
    await compare(madeUpModel(family, map, features, { recipe }), rows, customersCsv(rows, false));
  });

  it.each(familyNames)('predicts columns of numbers as a %s model does', async (family) => {
    const given = Array.from({ length: 80 }, () => ({
      a: String(40 * uniform()),
      b: String(90 * uniform()),
      c: '1',
    }));
    const csv = ['a,b,c', ...given.map(({ a, b, c }) => [a, b, c].join(','))].join('\n');
    await compare(madeUpModel(family, map, ['a', 'b', 'c']), given, csv);
  });
});

describe('an ONNX file', () => {
  it.each(familyNames)('sees images as the random convolutions of a %s model do', async (family) => {
    const pixels = Array.from({ length: 72 }, (_, place) => `p${String(place)}`);
    const given = Array.from({ length: 12 }, () =>
      Object.fromEntries(pixels.map((pixel) => [pixel, String(Math.round(127 + 127 * uniform()))])),
    );
    const csv = [pixels, ...given.map((row) => pixels.map((pixel) => row[pixel]))].join('\n');
    await compare(madeUpModel(family, image, pixels), given, csv);
  });

  it.each(familyNames)('of a %s model says nothing of rows that the recipe refuses', async (family) => {
    const [row] = customers;
    const refused = [{ ...row!, charge: '' }, { ...row!, region: '' }, row!];
    const model = madeUpModel(family, polynomial, features, { recipe });
    const { prediction, label, probabilities, scores } = await runOnnx(encodeOnnx(model), refused);
    const numbers = prediction ?? probabilities ?? scores!;
    const known = (2 * numbers.length) / 3;
    expect(numbers.map(Number.isNaN)).toEqual(numbers.map((_, place) => place < known));
    if (label !== undefined) expect(label.map((text) => text === '')).toEqual([true, true, false]);
  });

  it('has probabilities where all classes are next to impossible', async () => {
    const model = madeUpModel('multiLogistic', identity, ['a', 'b']);
    const parameters = { classes: [0, 1, 2], weights: [0, 0, 0, 0, 0, 0], intercepts: [-900, -901, -1000] };
    await expect(runOnnx(encodeOnnx({ ...model, parameters }), [{ a: '1', b: '2' }])).resolves.toMatchObject({
      label: [0],
      probabilities: [expect.closeTo(0.7311, 4), expect.closeTo(0.2689, 4), expect.closeTo(0, 12)] as unknown,
    });
  });

  it('names the columns of its inputs, in its metadata too', () => {
    const model = madeUpModel('logistic', identity, features, { recipe });
    const { bytes, numbers, texts } = encodeOnnx(model, { training: 'tc_spring' });
    expect({ numbers, texts }).toEqual({ numbers: ['tenure', 'charge'], texts: ['plan', 'region'] });
    for (const text of ['["plan","region"]', 'tc_spring'])
      expect(Buffer.from(bytes).includes(text)).toBe(true);
  });

  it('is refused for numbers of another width, and a family that is not there', () => {
    const model = madeUpModel('linear', identity, features, { recipe });
    refusal(() => encodeOnnx({ ...model, parameters: { weights: [1], intercept: 0 } }), 'VT7501');
    refusal(() => encodeOnnx({ ...model, family: 'other' }), 'VT7301');
  });
});
