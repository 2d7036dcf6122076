import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { TrainingError } from '../../errors.js';
import { asyncRefusal } from '../../testing/errors.js';
import { parseRows } from '../rows.js';
import { parseTable, type TableOptions } from '../table.js';
import { isParquet, openParquet, type OpenParquetOptions } from './openParquet.js';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

const rows = 200;
const each = <Value>(value: (row: number) => Value): Value[] =>
  Array.from({ length: rows }, (_, row) => value(row));
const columns: Columns = [
  { name: 'age', data: each((row) => 18 + (row % 60)), type: 'INT32' },
  { name: 'income', data: each((row) => row * 1234.5678), type: 'DOUBLE' },
  { name: 'count', data: each((row) => BigInt(row % 90)), type: 'INT64' },
  { name: 'zip', data: each((row) => `0${String(row % 3)}`), type: 'STRING' },
  { name: 'smoker', data: each((row) => row % 4 === 0), type: 'BOOLEAN' },
  { name: 'city', data: each((row) => ['Zürich', 'São "Paulo", SP', ' Rome\n'][row % 3]), type: 'STRING' },
  {
    name: 'gap',
    data: each((row) => (row % 5 === 0 ? null : row % 5 === 1 ? NaN : row / 7)),
    type: 'DOUBLE',
  },
  { name: 'y', data: each((row) => row * 0.1), type: 'DOUBLE' },
];
const fileOf = (columnData: Columns, rowGroupSize = 64): Uint8Array =>
  new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize }));

const open = (bytes: Uint8Array, options: Partial<OpenParquetOptions> = {}) =>
  openParquet(
    {
      byteLength: bytes.length,
      slice: async (start, end) => Promise.resolve(Uint8Array.from(bytes.subarray(start, end)).buffer),
    },
    { source: 'patients.parquet', ...options },
  );

async function textOf(csv: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of csv) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function read(bytes: Uint8Array, options: TableOptions = {}) {
  const { csv, written, texts } = await open(bytes);
  return parseTable(await textOf(csv), {
    ...written,
    missing: 'fill',
    categories: texts,
    target: 'y',
    ...options,
  });
}

describe('a Parquet file', () => {
  it.each([1, 64, 10_000])('is read as the table that it holds, in row groups of %i rows', async (size) => {
    const table = await read(fileOf(columns, size));
    expect(table.reading).toMatchObject({ madeFrom: 'parquet' });
    expect(table.columns).toEqual([
      ...['age', 'income', 'count', 'zip = 1', 'zip = 2', 'smoker = true'],
      ...['city = Rome', 'city = Zürich', 'gap', 'gap is missing'],
    ]);
    const row = Array.from(table.values.subarray(2 * table.features, 3 * table.features));
    expect(row).toEqual([20, 2 * 1234.5678, 2, 0, 1, 0, 1, 0, 2 / 7, 0]);
    expect(table.values[table.features - 1]).toBe(1);
    expect(table.targets[199]).toBe(199 * 0.1);
  });

  it('is told by its bytes', () => {
    expect(isParquet(fileOf(columns))).toBe(true);
    expect(isParquet(Buffer.from('PARITY,y\n1,2'))).toBe(false);
  });

  it('has dates, lists and bytes that are refused, or left out', async () => {
    const times: Columns = [
      ...columns,
      { name: 'when', data: each((row) => new Date(1e12 + row * 1e8)), type: 'TIMESTAMP' },
    ];
    const { csv, written } = await open(fileOf(times));
    const text = await textOf(csv);
    expect(() => parseTable(text, { ...written, missing: 'fill', target: 'y' })).toThrow('VT7016');
    expect(
      parseTable(text, { ...written, missing: 'fill', target: 'y', drop: ['when'] }).features,
    ).toBeGreaterThan(5);
    const nested: Columns = [...columns, { name: 'tags', data: each(() => ({ a: [1] })), type: 'JSON' }];
    const { facts } = await asyncRefusal(() => open(fileOf(nested)), 'VT7017');
    expect(facts).toMatchObject({ source: 'patients.parquet', column: 'tags' });
    const left = await open(fileOf(nested), { needs: (column) => column !== 'tags' });
    expect((await textOf(left.csv)).split('\n')[0]).toMatch(/,tags$/);
  });

  it('keeps a row without any value, so that predictions stand beside their rows', async () => {
    const gaps = each((row) => (row === 7 ? null : row));
    const { csv, written } = await open(fileOf([{ name: 'x', data: gaps, type: 'DOUBLE' }]));
    const recipe = {
      columns: [{ column: 'x', kind: 'number' as const, missing: { fill: -1, flag: false } }],
    };
    const { values } = parseRows(await textOf(csv), { ...written, columns: ['x'], recipe });
    expect([values.length, values[7]]).toEqual([rows, -1]);
  });

  it('written by pandas has its index before the header’s columns, where it is left out', async () => {
    const index: Columns = [
      ...columns,
      { name: '__index_level_0__', data: each((row) => `p${String(row)}`) },
    ];
    const table = await read(fileOf(index));
    expect(table.reading.leftOut).toBe(1);
    expect(table.columns[0]).toBe('age');
  });

  it('that is cut is refused, and what the file system says is passed on', async () => {
    const whole = fileOf(columns);
    for (const length of [4, 8, 100, whole.length / 2, whole.length - 1]) {
      const { message } = await asyncRefusal(() => open(whole.subarray(0, length)), 'VT7001');
      expect(message).toContain('patients.parquet is a Parquet file, and cannot be read');
    }
    const fault = new Error('EIO');
    const broken = { byteLength: whole.length, slice: () => Promise.reject(fault) };
    await expect(openParquet(broken, { source: 'x' })).rejects.toBe(fault);
  });

  it('that says it holds billions of values is refused after a while', async () => {
    const bytes = fileOf([
      { name: 'gap', data: Array.from({ length: 40 }, (_, row) => (row % 3 ? row : null)), type: 'DOUBLE' },
    ]);
    // In the header of its first page: the number of values.
    for (const place of [16, 22]) {
      const changed = Uint8Array.from(bytes);
      changed[place] = 0xff;
      await asyncRefusal(async () => textOf((await open(changed, { patienceMs: 300 })).csv), 'VT7001');
    }
  });

  it('with changed bytes is read or refused, and nothing else', async () => {
    const whole = fileOf(columns);
    const drbg = new Drbg(Buffer.from('parquet'));
    let refused = 0;
    for (let attempt = 0; attempt < 30; attempt++) {
      const bytes = Uint8Array.from(whole);
      for (let change = 0; change < 3; change++) bytes[drbg.below(bytes.length)] = drbg.below(256);
      try {
        await read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(TrainingError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(10);
  });
});
