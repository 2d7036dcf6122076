import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { MemoryStore } from '../testing/memoryStore.js';
import { cut } from '../testing/packages.js';
import { inflated } from './inflate.js';
import { MAX_INFLATED_BYTES_IN_MEMORY } from './limits.js';
import { readTable } from './readTable.js';
import { parseRows } from './rows.js';
import { parseTable, type TableOptions } from './table.js';

const cases = new URL('../../../../shared/cases/', import.meta.url);
const lines = (rows: number, line: (row: number) => string): string =>
  Array.from({ length: rows }, (_, row) => line(row)).join('\n');

describe.skipIf(!existsSync(cases))('a file that people met', () => {
  const read = (name: string, options: TableOptions = {}) =>
    parseTable(readFileSync(new URL(name, cases)), { source: name, ...options });
  const plain = read('plain.csv.gz');
  const { values, targets, columns } = plain;

  it.each([
    ['semicolon-decimal-comma.csv', { delimiter: ';', decimal: ',' }],
    ['thousands-quoted.csv', { delimiter: ',', decimal: '.', thousands: ',' }],
    ['mixed-line-ends.csv', { delimiter: ',', decimal: '.' }],
    ['pandas-index.csv', { leftOut: 1 }],
    ['sep-line.csv', { delimiter: ';', decimal: '.' }],
    ['whitespace-separated.txt', { delimiter: ' ', decimal: '.' }],
  ])('%s is read as the plain one', (name, reading) => {
    expect(read(name)).toMatchObject({ columns, values, targets, reading });
  });

  it('semicolon-thousands-dot-int.csv is refused with both readings, and read as told', () => {
    const name = 'semicolon-thousands-dot-int.csv';
    const error = refusal(() => read(name), 'VT7013');
    expect(error.message).toContain('"1.616" is 1.616 with a decimal point and 1616 with a decimal comma');
    expect(error.facts).toMatchObject({ row: 2, column: 'dose', withPoint: 1.616, withComma: 1616 });
    const rounded = (options: TableOptions): number | undefined => read(name, options).values[2];
    expect(
      [{ decimal: ',' }, { decimal: '.' }, { thousands: '.' }, { thousands: 'none' }].map((each) =>
        rounded(each as TableOptions),
      ),
    ).toEqual([1616, 1.616, 1616, 1.616]);
  });

  it('names what it refuses for what it is', () => {
    const message = (name: string, code: Parameters<typeof refusal>[1]): string =>
      refusal(() => read(name), code).message;
    expect(message('cell-dotmiss.csv', 'VT7005')).toContain('row 9, column "bmi": "." is no value');
    expect(message('zero-width.csv', 'VT7012')).toContain(
      '"target\\u200b", has a character that cannot be seen, U+200B',
    );
    expect(message('ansi-name.csv', 'VT7012')).toContain('U+001B');
    expect(message('long-name.csv', 'VT7003')).toContain('has 201 characters, and 200 is the most');
    for (const asked of ['prédiction', 'pre\u0301diction '])
      expect(read('header-nfd.csv', { target: asked }).target).toBe('prédiction');
    expect(refusal(() => read('header-nfd.csv', { target: 'prediction' }), 'VT7002').message).toContain(
      'Did you mean "prédiction"?',
    );
  });
});

describe('numbers', () => {
  const read = (cells: readonly string[], options = {}) =>
    Array.from(
      parseRows(`x;y\n${cells.map((cell) => `${cell};1`).join('\n')}`, { columns: ['x'], ...options }).values,
    );

  it('are decided by one cell, wherever it stands', () => {
    expect(read(['1.234', '5,5'])).toEqual([1234, 5.5]);
    expect(read(['5,5', '1.234'])).toEqual([5.5, 1234]);
    expect(read(['1.234', '1.000', '0.5'])).toEqual([1.234, 1, 0.5]);
    expect(read(['-1,234', '1.234,5'])).toEqual([-1.234, 1234.5]);
    expect(read(['1,234', '1,234,567'])).toEqual([1234, 1234567]);
    expect(read(["1'234", '1’234.5'])).toEqual([1234, 1234.5]);
    expect(read(['1.234', '1 234'])).toEqual([1.234, 1234]);
    expect(read(['1.234', '12345.678'])).toEqual([1.234, 12345.678]);
  });

  it('are not mixed, and the message says what decided', () => {
    const refused = (cells: readonly string[]) => refusal(() => read(cells), 'VT7004').message;
    expect(refused(['2.5', '2,5'])).toContain(
      'row 3, column "x": "2,5" is not a number: the table has a decimal point by "2.5" in row 2',
    );
    expect(refused(['2,5', '1,234.5'])).toContain('decimal comma by "2,5"');
    for (const cells of [['1,234.5', '1 234'], ['1,23,456'], ['1.234.56'], ['01.234.567'], ['1  234']])
      refused(cells);
  });

  it('obey the marks that are given, which cannot be the same', () => {
    expect(read(['1.234'], { decimal: ',' })).toEqual([1234]);
    expect(read(['1.234'], { thousands: ' ' })).toEqual([1.234]);
    refusal(() => read(['1.234'], { decimal: ',', thousands: 'none' }), 'VT7004');
    for (const wrong of [
      { decimal: '.', thousands: '.' },
      { decimal: ';' },
      { delimiter: '12' },
      { delimiter: '"' },
      { index: 'no' },
    ])
      refusal(() => read(['1'], wrong), 'VT7501');
  });

  it('that are the same in the right reading alone are a constant column', () => {
    const csv = (last: string): string => `a;target\n${lines(29, (row) => `1.000;${row}`)}\n1;${last}`;
    expect(refusal(() => parseTable(csv('2.5')), 'VT7007').facts.column).toBe('a');
    expect(parseTable(csv('2,5')).values[0]).toBe(1000);
  });
});

describe('delimiters', () => {
  const read = (csv: string, options = {}) => parseRows(csv, { columns: ['x'], ...options });

  it('are told by header, names and numbers', () => {
    const found = (csv: string): string => read(csv).reading.delimiter;
    expect(found('x,y\n1,2')).toBe(',');
    expect(found('x;y\n1,5;2,5')).toBe(';');
    expect(found('x|dose, mg\n1|2\n3|4')).toBe('|');
    expect(found('a, b;x\n1,5;2\n1,5;3')).toBe(';');
    expect(found('first name,x\nAda Byron,3')).toBe(',');
    expect(found('x\n5')).toBe(',');
    expect(found('  x   y \n 1   2\n  3 4  ')).toBe(' ');
  });

  it('that are as good as each other are refused, and taken as given', () => {
    const csv = 'x a,x\n1 234,5\n1 234,6';
    expect(refusal(() => parseRows(csv, { columns: [] }), 'VT7013').message).toContain(
      'may be divided by "," (2 columns) or " " (2 columns)',
    );
    expect(Array.from(read(csv, { delimiter: ',' }).values)).toEqual([5, 6]);
  });

  it('may be any that the first line names', () => {
    for (const first of ['sep=:', 'SEP=:', '"sep=:"'])
      expect(read(`${first}\r\nx:y\r\n1:2`)).toMatchObject({
        values: Float64Array.of(1),
        reading: { delimiter: ':' },
      });
  });
});

describe('line ends and stray bytes', () => {
  const read = (csv: string | Uint8Array, options = {}) => parseRows(csv, { columns: ['x'], ...options });

  it('end a row each by itself, but within quotes', () => {
    const rows = read('note,x\r"a\r\nb",1\n"c\n""d",2\r\n5" pipe,3\r\r\n\n"e\r",4');
    expect(Array.from(rows.values)).toEqual([1, 2, 3, 4]);
  });

  it('name a control byte that more rows follow', () => {
    expect(refusal(() => read('x,y\n1,2\n\u001a\n3,4'), 'VT7001').message).toContain(
      'it follows a line of control characters',
    );
    expect(refusal(() => read('x,y\n1\0,2'), 'VT7004').message).toContain('"1\\u0000"');
  });
});

describe('bytes', () => {
  const read = (bytes: Uint8Array) => parseRows(bytes, { columns: ['größe'], source: 'x.csv' });
  const csv = 'größe;€\r\n1;2\r\n';
  const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

  it.each([
    ['utf-8', Buffer.from(csv)],
    ['utf-8', Buffer.from(`\ufeff${csv}`)],
    ['utf-16le', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['utf-16le', Buffer.from(csv, 'utf16le')],
    ['utf-16be', swapped(`\ufeff${csv}`)],
    ['utf-16be', swapped(csv)],
    ['windows-1252', Buffer.from(csv.replace('€', '\u0080'), 'latin1')],
  ])('in %s are read', (encoding, bytes) => {
    expect(read(bytes)).toMatchObject({ values: Float64Array.of(1), ignored: ['€'], reading: { encoding } });
  });

  it.each([
    ['504b0304', 'a ZIP archive'],
    ['5041523100', 'a Parquet file'],
    ['fd377a585a', 'compressed with xz'],
    ['c3a92c78ff0a', 'not whole as text in UTF-8'],
    ['fffe780000d8780a', 'not whole as text in UTF-16LE'],
  ])('%s are named for what they are', (hex, what) => {
    expect(refusal(() => read(Buffer.from(hex, 'hex')), 'VT7001').message).toContain(`x.csv is ${what}`);
  });

  it('of damaged UTF-8 are refused, however they are cut', async () => {
    const bytes = Buffer.concat([
      Buffer.from('x,cit'),
      Buffer.of(0xd4),
      Buffer.from(',y\n1,Zürich,2\n3,Rom,4\n'),
    ]);
    for (let size = 1; size <= bytes.length; size++) {
      const streamed = await asyncRefusal(() => readTable(cut(bytes, size), new MemoryStore()), 'VT7001');
      expect(streamed.message).toContain('not whole as text in UTF-8');
    }
  });

  it('that gzip compressed are read within bounds', async () => {
    const mebibyte = gzipSync(Buffer.alloc(2 ** 20, 10));
    const bomb = Buffer.concat(
      Array.from({ length: MAX_INFLATED_BYTES_IN_MEMORY / 2 ** 20 + 1 }, () => mebibyte),
    );
    expect(refusal(() => read(bomb), 'VT7001').message).toContain('inflates to more than 256 MiB');
    const twice = gzipSync(gzipSync(csv));
    expect(refusal(() => read(twice), 'VT7001').message).toContain('compressed with gzip, twice');
    const damaged = gzipSync(csv).subarray(0, 20);
    expect(refusal(() => read(damaged), 'VT7001').message).toContain('damaged');
    const store = { append: () => undefined, read: () => undefined };
    const streamed = await asyncRefusal(() => readTable(cut(damaged, 3), store), 'VT7001');
    expect(streamed.message).toContain('damaged');
    const large = async (): Promise<void> => {
      const { bytes } = await inflated(cut(bomb, 1000), 'x.csv', 3 * 2 ** 20);
      for await (const piece of bytes) expect(piece.length).toBeLessThan(2 ** 20);
    };
    expect((await asyncRefusal(large, 'VT7001')).message).toContain('inflates to more than 3 MiB');
  });

  it('that gzip compressed are let go of when their reader stops', async () => {
    let open = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      open++;
      try {
        const bytes = gzipSync(Buffer.alloc(2 ** 20));
        for (;;) yield await Promise.resolve(bytes);
      } finally {
        open--;
      }
    };
    const { bytes } = await inflated(endless(), 'x.csv');
    for await (const piece of bytes) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => open).toBe(0);
  });
});

describe('leading columns without a name', () => {
  const csv = (name: string, cell: (row: number) => string): string =>
    `${name},a,target\n${lines(30, (row) => `${cell(row)},${row * row},${row % 7}`)}`;

  it.each([
    ['that count', '', (row: number) => String(row + 17)],
    ['that name each row', '""', (row: number) => `Row ${row}`],
    ['that pandas named', 'Unnamed: 0', (row: number) => String(row)],
    ['of two indexes', ',Unnamed: 1', (row: number) => `${row},b${row}`],
  ])('%s are left out, and said', (_, name, cell) => {
    const { columns, reading, values } = parseTable(csv(name, cell));
    expect({ columns, first: values[1] }).toEqual({ columns: ['a'], first: 1 });
    expect(reading.leftOut).toBe(name.startsWith(',') ? 2 : 1);
  });

  it('that repeat are refused, and left out or kept as told', () => {
    const table = csv('', (row) => String(row % 4));
    expect(refusal(() => parseTable(table), 'VT7003').message).toContain(
      'column 1 has no name, and as its values repeat',
    );
    expect(parseTable(table, { index: 'drop' }).columns).toEqual(['a']);
    expect(parseTable(table, { index: 'keep' }).columns).toEqual(['index', 'a']);
  });

  it('need no header cell where they are told to be there, as R writes them', () => {
    const r = `"a" "target"\n${lines(30, (row) => `"${row + 1}" ${row * row} ${row % 7}`)}`;
    refusal(() => parseTable(r), 'VT7001');
    expect(parseTable(r, { index: 'drop' })).toMatchObject({ columns: ['a'], reading: { leftOut: 1 } });
    expect(parseTable(r, { index: 'keep' }).columns).toEqual(['index', 'a']);
    expect(parseRows('a\n1,5\n2,6', { columns: ['a'], index: 'drop', delimiter: ',' })).toMatchObject({
      values: Float64Array.of(5, 6),
    });
  });

  it('are nothing to a prediction', () => {
    const rows = (index?: 'keep') =>
      parseRows(',a\n7,1\n7,2', { columns: index ? ['index', 'a'] : ['a'], index });
    expect(rows()).toMatchObject({ values: Float64Array.of(1, 2), ignored: [], reading: { leftOut: 1 } });
    expect(Array.from(rows('keep').values)).toEqual([7, 1, 7, 2]);
  });
});
