import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/errors.js';
import { csvOf, parse, rowOf } from '../../testing/mixedTable.js';
import { parseRows } from '../rows.js';
import { splitTable } from '../split.js';
import { decodeTemplate, encodeTemplate } from '../template.js';

describe('columns of texts', () => {
  it('leaves out a column of which one level is left, wherever it stands, and says so', () => {
    const rare = csvOf((cells, index) => (cells[1] = index === 3 ? 'b' : 'a'));
    const heldOut = { share: 0.2, seed: Buffer.from('one level') };
    const table = parse(rare, { heldOut });
    expect(table.columns).toEqual(['x', 'smoker = yes']);
    const note = table.notes.find(({ kind }) => kind === 'leftOut');
    expect(note).toMatchObject({ column: 'colour', level: 'a' });
    const whole = parse(rare);
    expect(whole.notes).toEqual([{ kind: 'leftOut', column: 'colour', level: 'a', rows: 119 }]);
    expect([0, 1, 4].map((index) => rowOf(whole, index))).toEqual([
      [0, 1],
      [1, 0],
      [4, 1],
    ]);
    // A row to predict needs the columns of the recipe alone.
    const { recipe, columns } = whole;
    expect(parseRows('smoker,x\nyes,3', { columns, recipe }).values).toEqual(Float64Array.of(3, 1));
    expect(table.heldOut?.csv().startsWith('x,colour,smoker,y\n')).toBe(true);
    refusal(
      () => parse(csvOf((cells, index) => cells.splice(0, 3, index === 3 ? 'b' : 'a'), ['c', 'y'])),
      'VT7010',
    );
  });

  it('finds chosen columns in any form of Unicode', () => {
    const names = ['x', 'couleur préférée', 'smoker', 'y'];
    const drop = ['couleur préférée'.normalize('NFD')];
    expect(parse(csvOf(undefined, names), { drop }).columns).toEqual(['x', 'smoker = yes']);
    const numbers = csvOf((cells, index) => (cells[1] = index % 3), names);
    expect(parse(numbers, { categories: drop }).columns).toContain('couleur préférée = 1');
  });

  it('has a feature for each of many levels', () => {
    const many = csvOf((cells, index) => (cells[1] = `level ${String(index % 34)}`));
    const table = parse(many, { rareLevel: 1 });
    expect(table.features).toBe(35);
    const { template } = splitTable(table, { subsets: 2, seed: Buffer.from('many') });
    expect(decodeTemplate(encodeTemplate(template))).toEqual(template);
  });
});
