import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { parseTable } from './table.js';

const lines = (rows: number, line: (row: number) => string): string =>
  Array.from({ length: rows }, (_, row) => line(row)).join('\n');
const good = `a,b,target\n${lines(30, (row) => `${row},${row * row},${row % 7}`)}`;

describe('parseTable', () => {
  it('reads columns in the order of the file, the target apart', () => {
    const table = parseTable(good, { target: 'b', source: 'x.csv' });
    expect(table).toMatchObject({
      source: 'x.csv',
      target: 'b',
      columns: ['a', 'target'],
      rows: 30,
      features: 2,
    });
    expect(Array.from(table.values.subarray(0, 6))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(Array.from(table.targets.subarray(0, 4))).toEqual([0, 1, 4, 9]);
  });

  it('reads byte order marks, CRLF, semicolons, quotes, empty lines and every way to write a number', () => {
    const numbers = ['1', '-2', '+3', '4.', '.5', '6e3', '-7.25E-2', '" 8 "'];
    const body = lines(32, (row) => `${numbers[row % 8] ?? ''};${row}`).replaceAll('\n', '\r\n');
    const csv = `\uFEFF"a";target\r\n${body}\r\n\r\n`;
    const table = parseTable(csv);
    expect(Array.from(table.values.subarray(0, 8))).toEqual([1, -2, 3, 4, 0.5, 6000, -0.0725, 8]);
  });

  it('has no negative zero', () => {
    const table = parseTable(good.replace('\n0,0,0', '\n-0,-0,-0'));
    expect(Object.is(table.values[0], 0) && Object.is(table.targets[0], 0)).toBe(true);
  });

  it('names row and column of a text cell, as a spreadsheet counts them', () => {
    const error = refusal(
      () => parseTable(good.replace('\n2,4,2', '\n2,tall,2'), { source: 'x.csv' }),
      'VT7004',
    );
    expect(error.facts).toEqual({ source: 'x.csv', row: 4, column: 'b' });
    expect(error.message).toContain('x.csv, row 4, column "b": "tall" is not a number');
  });

  it.each(['0x10', '1,5,0', '1 00', '12abc', 'true', '1e', '--1', '1,23,456'])(
    'refuses %j as a number',
    (cell) => {
      refusal(() => parseTable(good.replace('\n2,4,2', `\n2,"${cell}",2`)), 'VT7004');
    },
  );

  it('shows a refused cell shortened, and each of its characters', () => {
    const { message } = refusal(
      () => parseTable(good.replace('\n2,4,2', `\n2,\u001b[31m\u00a0\u200b${'x'.repeat(99)},2`)),
      'VT7004',
    );
    expect(message).toContain(`"\\u001b[31m\\u00a0\\u200b${'x'.repeat(33)}…" is not a number`);
  });

  it.each(['inf', '-Infinity', '+INF', '∞'])('refuses %s as not finite', (cell) => {
    const { message } = refusal(() => parseTable(good.replace('\n2,4,2', `\n2,${cell},2`)), 'VT7006');
    expect(message).toContain(`"${cell}" is not finite`);
  });

  it.each(['', '  ', 'NA', 'n/a', 'NaN', 'null', '?', '.', '#N/A', '-nan', '#DIV/0!', '\\N'])(
    'refuses %j as a missing value',
    (cell) => {
      const error = refusal(() => parseTable(good.replace('\n2,4,2', `\n2,"${cell}",2`)), 'VT7005');
      expect(error.facts).toMatchObject({ row: 4, column: 'b' });
    },
  );

  it.each(['1e101', '-1e300', '1e999'])('refuses %s as out of range', (cell) => {
    refusal(() => parseTable(good.replace('\n2,4,2', `\n2,${cell},2`)), 'VT7006');
  });

  it('refuses a missing target and lists the columns', () => {
    const error = refusal(() => parseTable(good, { target: 'price' }), 'VT7002');
    expect(error.message).toContain('no column "price"; it has "a", "b", "target"');
    for (const near of ['tarjet', 'Target', 'target\u200b', 'ta rget'])
      expect(refusal(() => parseTable(good, { target: near }), 'VT7002').message).toContain(
        'Did you mean "target"?',
      );
  });

  it('refuses unnamed and doubled columns', () => {
    refusal(() => parseTable(good.replace('a,b', 'a,')), 'VT7003');
    refusal(() => parseTable(good.replace('a,b', 'a,a')), 'VT7003');
    const { message } = refusal(() => parseTable(good.replace('a,b', `a,${'b'.repeat(201)}`)), 'VT7003');
    expect(message).toContain('has 201 characters, and 200 is the most');
  });

  it.each([
    ['an escape sequence', '\u001b[31mred\u001b[0m', 'U+001B'],
    ['a bidi override', 'a\u202eb', 'U+202E'],
    ['a zero-width space', 'a\u200b', 'U+200B'],
    ['a line feed', '"a\nb"', 'U+000A'],
  ])('refuses a name with %s, and says which character it is', (_, name, character) => {
    const error = refusal(() => parseTable(good.replace('a,b', `${name},b`)), 'VT7012');
    expect(error.facts).toEqual({ source: 'table', column: 1, character });
    expect(error.message).not.toContain(name);
  });

  it('takes names in either form of Unicode for the same, and gives them in NFC', () => {
    const composed = 'gr\u00f6\u00dfe';
    const decomposed = composed.normalize('NFD');
    expect(decomposed).not.toBe(composed);
    for (const [inFile, asked] of [
      [decomposed, composed],
      [composed, decomposed],
    ] as const) {
      const table = parseTable(good.replace('a,b', `a,${inFile}`), { target: asked });
      expect(table.target).toBe(composed);
      expect(table.columns).toEqual(['a', 'target']);
    }
    refusal(() => parseTable(good.replace('a,b', `${composed},${decomposed}`)), 'VT7003');
  });

  it('refuses constant features and targets', () => {
    expect(
      refusal(() => parseTable(`a,target\n${lines(30, (row) => `5,${row}`)}`), 'VT7007').facts.column,
    ).toBe('a');
    expect(
      refusal(() => parseTable(`a,target\n${lines(30, (row) => `${row},5`)}`), 'VT7007').facts.column,
    ).toBe('target');
  });

  it('takes 30 to 100000 rows', () => {
    expect(
      refusal(() => parseTable(`a,target\n${lines(29, (row) => `${row},${row}`)}`), 'VT7008').facts.rows,
    ).toBe(29);
    expect(parseTable(`a,target\n${lines(100_000, (row) => `${row},${row}`)}`).rows).toBe(100_000);
    refusal(() => parseTable(`a,target\n${lines(100_001, (row) => `${row},${row}`)}`), 'VT7009');
  });

  it('takes 1 to 1024 features', () => {
    const wide = (features: number): string => {
      const header = Array.from({ length: features }, (_, j) => `x${j}`);
      return [
        [...header, 'target'],
        ...Array.from({ length: 30 }, (_, row) => [...header, 0].map((_c, j) => row + j)),
      ]
        .map((cells) => cells.join(','))
        .join('\n');
    };
    expect(parseTable(wide(1024)).features).toBe(1024);
    refusal(() => parseTable(wide(1025)), 'VT7010');
    const { message } = refusal(() => parseTable(wide(1024), { target: 'absent' }), 'VT7002');
    expect(message).toContain('"x19" and 1005 more');
    refusal(() => parseTable(wide(0)), 'VT7010');
  });

  it('names all constant columns at once', () => {
    const constant = `a,b,c,target\n${lines(30, (row) => `1,${row},2,${row}`)}`;
    const { message } = refusal(() => parseTable(constant), 'VT7007');
    expect(message).toContain('columns "a", "c" have one value in every row');
  });

  it('takes fewer rows of many columns than of few, before they fill the memory', () => {
    const columns = Array.from({ length: 1023 }, (_, j) => `x${j}`).join();
    const zeros = ',0'.repeat(1023);
    const tall = `target,${columns}\n${lines(32_769, (row) => `${row}${zeros}`)}`;
    expect(refusal(() => parseTable(tall), 'VT7009').facts).toMatchObject({ most: 32_768, columns: 1024 });
  }, 300_000);

  it('refuses ragged rows, open quotes and an empty file', () => {
    expect(refusal(() => parseTable(good.replace('\n2,4,2', '\n2,4')), 'VT7001').facts).toMatchObject({
      row: 4,
    });
    refusal(() => parseTable(good.replace('\n2,4,2', '\n2,"4,2')), 'VT7001');
    for (const empty of ['', '\n', ' \r\n\r\n', '\u001a', '\ufeff'])
      expect(refusal(() => parseTable(empty, { source: 'x.csv' }), 'VT7001').message).toContain(
        'x.csv is empty',
      );
  });
});
