import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { parseRows } from './rows.js';

describe('parseRows', () => {
  it('finds columns by name, in any order, and says which it did not need', () => {
    const rows = parseRows('note,b,a,y\n7,2,1,3\n7,20,10,30\n', { columns: ['a', 'b'], target: 'y' });
    expect(rows).toMatchObject({ rows: 2, features: 2, ignored: ['note'] });
    expect(Array.from(rows.values)).toEqual([1, 2, 10, 20]);
    expect(Array.from(rows.targets ?? [])).toEqual([3, 30]);
  });

  it('needs no target, no second row and no varying column', () => {
    const rows = parseRows('a\n5', { columns: ['a'], target: 'y' });
    expect(rows).toMatchObject({ rows: 1, ignored: [] });
    expect('targets' in rows).toBe(false);
  });

  it('names what is missing, doubled, empty or no number', () => {
    const read = (csv: string) => () => parseRows(csv, { columns: ['a', 'b'], source: 'new.csv' });
    expect(refusal(read('a,c\n1,2'), 'VT7011').facts).toEqual({ source: 'new.csv', column: 'b' });
    refusal(read('a,b,a\n1,2,3'), 'VT7003');
    refusal(read('a,b'), 'VT7001');
    expect(refusal(read('a,b\n1,2\n1,x'), 'VT7004').facts).toMatchObject({ row: 3, column: 'b' });
    expect(refusal(read('a,b\n1,2\n,1'), 'VT7005').facts).toMatchObject({ row: 3, column: 'a' });
  });
});
