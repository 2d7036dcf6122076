import { digestOf } from '@veritrain/client-sdk/vault';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import {
  encodeTrainedModel,
  modelSalt,
  namedParameters,
  predictRows,
  type TrainedModel,
  trainedModelFile,
  writeTrainedModel,
} from './trainedModel.js';

const folder = testFolder('trained-model');
const model = {
  schemaVersion: 3 as const,
  coupleId: 'tc_1',
  datasetId: 'ds_1',
  modelId: 'md_1',
  programDigest: digestOf(Buffer.from('program')),
  target: 'y',
  columns: ['x'],
  family: 'linear',
  parameters: { weights: [0.5], intercept: 1 },
  rounds: 2,
};

it('attack 53: is hidden by a salt that only its owner has, and opened by who holds the file', () => {
  const { member } = memberContext({ folder: folder() });
  const { market, home } = member;
  const salt = modelSalt(market, 'tc_1');
  expect(modelSalt(market, 'tc_1')).toBe(salt);
  const place = { ...market.place, channel: 'other' };
  const others = [modelSalt(market, 'tc_2'), modelSalt({ keyring: market.keyring, place }, 'tc_1')];
  expect(new Set([salt, ...others]).size).toBe(3);
  const digest = writeTrainedModel(home, { ...model, salt });
  // Whoever guesses the model right, and lacks the salt, sees another digest.
  expect(digestOf(encodeTrainedModel({ ...model, salt: others[0]! }))).not.toBe(digest);
  const kept = trainedModelFile(home, 'tc_1').read()!;
  const exported = JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(kept).reverse())),
  ) as typeof kept;
  expect(digestOf(encodeTrainedModel(exported))).toBe(digest);
});

const linear = {
  columns: ['dose', 'größe'],
  target: 'y',
  family: 'linear',
  parameters: { weights: [2, 1], intercept: 1 },
} as unknown as TrainedModel;

it('names each number of a model, those of columns by column', () => {
  expect(namedParameters(linear)).toEqual([
    { parameter: 'weights', column: 'dose', value: 2 },
    { parameter: 'weights', column: 'größe', value: 1 },
    { parameter: 'intercept', column: null, value: 1 },
  ]);
});

it('predicts the same in every dialect of a table', () => {
  const tables: [string, BufferEncoding][] = [
    ['größe,dose,y\n1.5,1616.2,3234.9\n', 'utf8'],
    [';dose;größe;y\r\n1;1.616,2;1,5;3.234,9\r\n', 'latin1'],
    ['y\tgröße\tdose\r3234,9\t1,5\t1616,2\r', 'utf16le'],
    ['sep=;\ny;größe;dose\n"3,234.9";1.5;"1,616.2"\n\u001a', 'utf8'],
  ];
  for (const [text, encoding] of tables)
    expect(predictRows(linear, Buffer.from(text, encoding), 'new.csv')).toMatchObject({
      predictions: [3234.9],
      targets: [3234.9],
      // One row has no variance to explain.
      metrics: [{ name: 'mse', value: 0 }, { name: 'rmse' }, { name: 'mae' }],
      ignored: [],
    });
});

it('refuses rows with two readings, and takes the one that is given', () => {
  const csv = Buffer.from('größe;dose\n1;1.616\n');
  expect(() => predictRows(linear, csv, 'new.csv')).toThrow(/^VT7013 .*1616/);
  expect(predictRows(linear, csv, 'new.csv', { decimal: ',' }).predictions).toEqual([3234]);
  expect(predictRows(linear, csv, 'new.csv', { thousands: 'none' }).predictions[0]).toBeCloseTo(5.232, 9);
});

const logistic = {
  columns: ['dose'],
  target: 'ill',
  family: 'logistic',
  parameters: { weights: [2], intercept: -1, classes: [1, 2] },
} as unknown as TrainedModel;

describe('a logistic model', () => {
  it('gives the probability of the second class, the likelier class, and figures of both', () => {
    const csv = Buffer.from('dose,ill\n0.5,2\n-1,1\n3,2\n');
    const said = predictRows(logistic, csv, 'new.csv');
    expect(said).toMatchObject({ classes: [1, 2], predictedClasses: [2, 1, 2], targets: [2, 1, 2] });
    expect(said.predictions[0]).toBe(0.5);
    expect(said.metrics?.map(({ name }) => name)).toEqual(['logLoss', 'brier', 'auc', 'accuracy', 'f1']);
    expect(predictRows(logistic, Buffer.from('dose\n3\n'), 'new.csv').metrics).toBeUndefined();
  });

  it('refuses a target that is neither class, naming its row', () => {
    const csv = Buffer.from('dose,ill\n0.5,2\n1,0\n');
    expect(() => predictRows(logistic, csv, 'new.csv')).toThrow(/^VT7014 .*row 3/);
  });

  it('names its classes apart from the columns', () => {
    expect(namedParameters(logistic).slice(-2)).toEqual([
      { parameter: 'classes 1', column: null, value: 1 },
      { parameter: 'classes 2', column: null, value: 2 },
    ]);
  });
});

it('says the text of each class, and names weights by class and column', () => {
  const flowers = {
    columns: ['length', 'width'],
    recipe: {
      columns: [
        { column: 'length', kind: 'number' },
        { column: 'width', kind: 'number' },
      ],
      classes: ['iris', 'rose', 'tulip'],
    },
    target: 'flower',
    family: 'ridgeClassifier',
    parameters: {
      classes: [0, 1, 2],
      weights: [1, 0, 0, 1, -1, -1],
      intercepts: [0, 0, 0],
      means: [0, 0],
      scales: [1, 1],
    },
  } as unknown as TrainedModel;
  const csv = Buffer.from('length,width,flower\n2,0,iris\n0,2,rose\n-1,-2,iris\n');
  const { predictions, predictedClasses, targets, metrics } = predictRows(flowers, csv, 'new.csv');
  expect(predictions).toEqual([0, 1, 2]);
  expect(predictedClasses).toEqual(['iris', 'rose', 'tulip']);
  expect(targets).toEqual(['iris', 'rose', 'iris']);
  expect(metrics).toContainEqual({ name: 'errorRate', value: 1 / 3 });
  const named = namedParameters(flowers);
  expect(named).toContainEqual({ parameter: 'weights 3', column: 'width', value: -1 });
  expect(named).toContainEqual({ parameter: 'scales', column: 'length', value: 1 });
});
