import { parseRows } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { csvOptionsOf, readingText, tableValues } from './tableOptions.js';

const schema = z.strictObject(tableValues);

describe('how a table is written', () => {
  it('is given in characters or in words', () => {
    const given = schema.parse({ delimiter: 'tab', decimal: 'comma', thousands: 'space', index: 'keep' });
    expect(csvOptionsOf(given)).toEqual({ delimiter: '\t', decimal: ',', thousands: ' ', index: 'keep' });
    expect(schema.parse({ delimiter: ';', decimal: '.', thousands: 'none' })).toEqual({
      delimiter: ';',
      decimal: '.',
      thousands: 'none',
    });
  });

  it.each([
    ['delimiter', '', /one character/],
    ['delimiter', '::', /one character/],
    ['delimiter', '"', /one character/],
    ['delimiter', '1', /one character/],
    ['decimal', ';', /must be \. or ,/],
    ['thousands', 'x', /must be , \. ' space or none/],
    ['index', 'first', /keep/],
  ])('is refused as --%s %j', (name, value, said) => {
    expect(schema.safeParse({ [name]: value }).error?.issues[0]?.message).toMatch(said);
  });

  it('is said in words', () => {
    const text = (csv: string | Uint8Array): string =>
      readingText(parseRows(csv, { columns: ['größe'] }).reading);
    expect(text('größe,b\n1.5,2')).toBe('UTF-8, comma between cells, decimal point');
    expect(text('größe,b\n1,2')).toBe('UTF-8, comma between cells');
    expect(text(Buffer.from(';größe\n1;1.234,5\n', 'latin1'))).toBe(
      'Windows-1252 (it is not UTF-8), semicolon between cells, decimal comma, point between thousands, the first column, which has no name, left out',
    );
  });
});
