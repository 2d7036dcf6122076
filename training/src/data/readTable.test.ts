import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOf, digestOfJson } from '../canonical.js';
import { asyncRefusal } from '../testing/errors.js';
import { syntheticTable } from '../testing/fixtures.js';
import { MemoryStore } from '../testing/memoryStore.js';
import { cut } from '../testing/packages.js';
import { encodePackage, packagePieces } from './package.js';
import { readTable } from './readTable.js';
import { BLOCK_ROWS } from './rowBlock.js';
import { columnsOf, type RowTable } from './rowTable.js';
import { splitRows, splitTable } from './split.js';
import { parseTable, type Table } from './table.js';
import { templateDigest } from './template.js';

const diabetesCsv = readFileSync(new URL('../../../demo/data/diabetes.csv', import.meta.url));

function csvOf({ columns, target, rows, features, values, targets }: Table): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    [targets[row], ...values.subarray(row * features, (row + 1) * features)].join(),
  );
  return [[target, ...columns].join(), ...lines].join('\n');
}

const stream = (csv: string | Uint8Array, length = 2 ** 16): AsyncGenerator<Uint8Array> =>
  cut(Buffer.from(csv), length);
const read = (csv: string | Uint8Array, options = {}, length?: number): Promise<RowTable> =>
  readTable(stream(csv, length), new MemoryStore(), options);

const lines = (rows: number, line: (row: number) => string): string =>
  Array.from({ length: rows }, (_, row) => line(row)).join('\n');
const good = `a,b,target\n${lines(30, (row) => `${row},${row * row},${row % 7}`)}`;

describe('a table that is streamed', () => {
  it.each([1, 1000, 2 ** 20])('holds what the whole one holds, in pieces of %i bytes', async (length) => {
    const whole = parseTable(diabetesCsv.toString());
    const table = await read(diabetesCsv, {}, length);
    const { source, target, columns, rows, features, targets } = whole;
    expect(table).toMatchObject({ source, target, columns, rows, features, targets });
    for (let feature = 0; feature < features; feature++) {
      const column = whole.values.filter((_, place) => place % features === feature);
      expect([...columnsOf(table, features + 1, [feature])]).toEqual([column]);
    }
  });

  it.each([30, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 20_000])(
    'of %i rows splits into the same template, report and packages',
    async (rows) => {
      const csv = csvOf(syntheticTable(rows, 3));
      const options = { subsets: 3, seed: Buffer.from('stream') };
      const whole = splitTable(parseTable(csv, { target: 'y' }), options);
      const streamed = await splitRows(await read(csv, { target: 'y' }), options);
      const { template, report } = streamed;
      expect({ template, report }).toEqual({ template: whole.template, report: whole.report });
      whole.shards.forEach((shard, subset) => {
        const shardSecret = new Uint8Array(32).fill(subset);
        const pieces = packagePieces({ template, subset, blocks: streamed.blocks(subset), shardSecret });
        expect(
          Buffer.compare(Buffer.concat([...pieces]), encodePackage({ template, shard, shardSecret })),
        ).toBe(0);
      });
    },
  );

  it('is split as it always was', () => {
    const { template, report, shards } = splitTable(parseTable(diabetesCsv.toString()), {
      subsets: 3,
      seed: Buffer.from('always'),
    });
    const rows = shards.map(({ values, targets }) =>
      digestOf(Buffer.concat([Buffer.from(values.buffer), Buffer.from(targets.buffer)])),
    );
    const dealt = { ...report, leastCells: undefined, pairCells: undefined, shown: undefined, notes: [] };
    expect([templateDigest(template), digestOfJson(dealt), ...rows]).toMatchInlineSnapshot(`
      [
        "sha256:818208c2fb7e967c910221053f2f5d5a1feb62626e35d70ebb8d35630b8e9e15",
        "sha256:392955db1d0a478896ca34e0c8b509fbff1a307b18cf9b394c15a2a3f88ff696",
        "sha256:5226b3571f204f3ea61f4e40f621b32bab4651c1a323024d8a2e659517b97358",
        "sha256:9cc49dca6577b8e89ab846fe07dffa80764625802aa7dedb16c108e997b5b7d7",
        "sha256:270351163d3d296e2eb9a59280aa92c5069589856272d276a0cfdead2de4f50d",
      ]
    `);
  });

  it('names the first fault, and its row as a spreadsheet counts them', async () => {
    const far = (line: string): string => {
      const body = lines(100_000, (row) => `${row},${row % 99},${row % 7}`).split('\n');
      body[90_000] = line;
      return `a,b,target\n${body.join('\n')}`;
    };
    const at = { source: 'x.csv', row: 90_002 };
    const refused = (csv: string, code: Parameters<typeof asyncRefusal>[1]) =>
      asyncRefusal(() => read(csv, { source: 'x.csv' }), code);
    expect((await refused(far('1,tall,2'), 'VT7004')).facts).toEqual({ ...at, column: 'b' });
    expect((await refused(far('1,NA,2'), 'VT7005')).facts).toEqual({ ...at, column: 'b' });
    expect((await refused(far('1e101,1,2'), 'VT7006')).facts).toEqual({ ...at, column: 'a' });
    expect((await refused(far('1,2'), 'VT7001')).facts).toMatchObject(at);
    await refused(far('1,"2,3'), 'VT7001');
  });

  it('refuses what is no table', async () => {
    await asyncRefusal(() => read(''), 'VT7001');
    await asyncRefusal(() => read(good, { target: 'price' }), 'VT7002');
    await asyncRefusal(() => read(good.replace('a,b', 'a,a')), 'VT7003');
    await asyncRefusal(() => read(good.slice(0, good.lastIndexOf('\n'))), 'VT7008');
    await asyncRefusal(() => read(`a,target\n${lines(30, (row) => `5,${row}`)}`), 'VT7007');
    await asyncRefusal(() => read(`a,target\n${lines(30, (row) => `${row},5`)}`), 'VT7007');
    await asyncRefusal(() => read(`target\n${lines(30, String)}`), 'VT7010');
    await asyncRefusal(() => read(Buffer.from([0x61, 0xc3, 0xa9, 0xff])), 'VT7001');
  });

  it('refuses a quote that nobody closes before it fills the memory', async () => {
    let pieces = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,target\n1,"');
      for (; pieces < 1000; pieces++) yield await Promise.resolve(Buffer.alloc(2 ** 20, '2,3\n'));
    };
    await asyncRefusal(() => readTable(endless(), new MemoryStore()), 'VT7001');
    expect(pieces).toBeLessThan(30);
  });

  it('passes on what the stream and the store throw, and lets go of the stream', async () => {
    let open = 0;
    const broken = async function* (fail: boolean): AsyncGenerator<Uint8Array> {
      open++;
      try {
        yield* stream(`a,b,target\n${lines(60_000, (row) => `${row},${row % 99},${row % 7}`)}`);
        if (fail) throw new Error('the disk is gone');
      } finally {
        open--;
      }
    };
    await expect(readTable(broken(true), new MemoryStore())).rejects.toThrow('the disk is gone');
    const full = {
      append: () => {
        throw new Error('the disk is full');
      },
      read: () => undefined,
    };
    await expect(readTable(broken(false), full)).rejects.toThrow('the disk is full');
    expect(open).toBe(0);
  });
});
