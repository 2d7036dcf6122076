import { expect, it } from 'vitest';
import type { TrainedModel } from './trainedModel.js';
import { predictRows } from './predictRows.js';

const model = {
  columns: ['dose', 'größe'],
  target: 'y',
  weights: [2, 1],
  intercept: 1,
} as unknown as TrainedModel;

it('predicts the same in every dialect of a table', () => {
  const tables: [string, BufferEncoding][] = [
    ['größe,dose,y\n1.5,1616.2,3234.9\n', 'utf8'],
    [';dose;größe;y\r\n1;1.616,2;1,5;3.234,9\r\n', 'latin1'],
    ['y\tgröße\tdose\r3234,9\t1,5\t1616,2\r', 'utf16le'],
    ['sep=;\ny;größe;dose\n"3,234.9";1.5;"1,616.2"\n\u001a', 'utf8'],
  ];
  for (const [text, encoding] of tables)
    expect(predictRows(model, Buffer.from(text, encoding), 'new.csv')).toMatchObject({
      predictions: [3234.9],
      targets: [3234.9],
      meanSquaredError: 0,
      ignored: [],
    });
});

it('refuses rows with two readings, and takes the one that is given', () => {
  const csv = Buffer.from('größe;dose\n1;1.616\n');
  expect(() => predictRows(model, csv, 'new.csv')).toThrow(/^VT7013 .*1616/);
  expect(predictRows(model, csv, 'new.csv', { decimal: ',' }).predictions).toEqual([3234]);
  expect(predictRows(model, csv, 'new.csv', { thousands: 'none' }).predictions[0]).toBeCloseTo(5.232, 9);
});
