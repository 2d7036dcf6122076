import { describe, expect, it } from 'vitest';
import { openTable, readTableInput, type Row } from './tableInput.js';

const textOf = (rows: readonly Row[]): string => Buffer.from(readTableInput(rows).csv).toString();

describe('rows as a table', () => {
  it('are written so that nothing about them has to be guessed', async () => {
    const rows = [
      { '-log10p': 23.125, 'age, years': -40 },
      { 'age, years': 1e21, '-log10p': 1e-7 },
    ];
    expect(textOf(rows)).toBe('-log10p,"age, years"\n23.125,-40\n1e-7,1e+21\n');
    await expect(openTable(rows)).resolves.toMatchObject({
      written: { delimiter: ',', decimal: '.', thousands: 'none' },
    });
  });

  it('hold texts, truth values and no values', () => {
    const rows = [
      { colour: 'red, "deep"', ill: true, age: null },
      { colour: 'blue', ill: false, age: 3 },
    ];
    expect(textOf(rows)).toBe('colour,ill,age\n"red, ""deep""",true,\nblue,false,3\n');
  });

  it.each<[what: string, rows: unknown[], said: RegExp]>([
    ['none', [], /no rows/],
    ['without a column', [{}], /first row has no columns/],
    ['that lack a column', [{ a: 1, b: 2 }, { a: 1 }], /row 1 b is no finite number, text/],
    ['with another column', [{ a: 1 }, { a: 1, c: 2 }], /row 1 c is no column of row 0/],
    ['with a date', [{ a: new Date(0) }], /row 0 a is no finite number, text/],
    ['with what is no number', [{ a: Number.NaN }], /row 0 a is no finite number, text/],
  ])('%s are refused, naming row and column', async (_, rows, said) => {
    await expect(openTable(rows as Row[])).rejects.toThrow(
      expect.objectContaining({ code: 'VT9001', reason: expect.stringMatching(said) as string }),
    );
  });

  it('a path that leads nowhere is refused at once', async () => {
    await expect(openTable('/nowhere/patients.csv')).rejects.toThrow(
      expect.objectContaining({ code: 'VT9003' }),
    );
  });
});
