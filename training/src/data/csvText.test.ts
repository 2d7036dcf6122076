import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvText } from './csvText.js';

describe('csvText', () => {
  it('leaves numbers numbers, of either sign', () => {
    expect(
      csvText(
        ['row', 'price'],
        [
          [2, -1.5e-7],
          [3, 4],
        ],
      ),
    ).toBe('row,price\n2,-1.5e-7\n3,4\n');
  });

  it.each(['=HYPERLINK("http://x","y")', '+1', '-1', '@SUM(A1)', '\tx', '  =1', '＝1+1'])(
    'puts an apostrophe before what would be a formula: %j',
    (name) => {
      const [cells] = Papa.parse<string[]>(csvText([name, 'b'], [])).data;
      expect(cells).toEqual([`'${name}`, 'b']);
    },
  );

  it('keeps a name in its cell, whatever it is made of', () => {
    const name = 'a,"b"\n5,=1+1';
    const { data } = Papa.parse<string[]>(csvText(['row', name], [[2, 7]]).trimEnd());
    expect(data).toEqual([
      ['row', name],
      ['2', '7'],
    ]);
  });
});
