import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/errors.js';
import { csvOf, parse, rowOf, rows } from '../../testing/mixedTable.js';
import { parseRows } from '../rows.js';
import { splitTable } from '../split.js';
import { parseTable } from '../table.js';
import { decodeTemplate, encodeTemplate } from '../template.js';
import { plainCsvText } from '../csvText.js';
import { madeUpRows } from './madeUpRows.js';
import { featureNamesOf } from './recipe.js';

describe('a recipe', () => {
  it('is not there where every column is a number', () => {
    const table = parse(csvOf((cells) => cells.splice(1, 2), ['x', 'y']));
    expect(table.recipe).toBeUndefined();
    expect(table.columns).toEqual(['x']);
  });

  it('makes a flag of each level but the most frequent, and of two levels of the one that affirms', () => {
    const table = parse(csvOf());
    expect(table.columns).toEqual(['x', 'colour = blue', 'smoker = yes']);
    expect(rowOf(table, 2)).toEqual([2, 1, 0]);
    expect(rowOf(table, 4)).toEqual([4, 0, 1]);
    const mostlyYes = parse(csvOf((cells, index) => (cells[2] = index % 3 === 0 ? 'no' : 'yes')));
    expect(mostlyYes.columns).toContain('smoker = yes');
  });

  it('merges levels of few rows, says so, and names none of them', () => {
    const withRare = csvOf((cells, index) => {
      if (index < 20) cells[1] = 'green';
      else if (index < 40) cells[1] = `odd ${String(index)}`;
    });
    const { columns, notes, recipe, ...table } = parse(withRare, { rareLevel: 25 });
    expect(columns).toEqual(['x', 'colour = blue', 'colour = (other)', 'smoker = yes']);
    expect(notes).toContainEqual({ kind: 'merged', column: 'colour', levels: 21, rows: 40, into: '(other)' });
    expect(JSON.stringify(recipe)).not.toMatch(/green|odd/);
    expect(rowOf(table, 3).slice(1, 3)).toEqual([0, 1]);
    expect(parse(withRare, { rareLevel: 20 }).columns).toContain('colour = green');
  });

  it('counts rare levels as the reference where they are rare together', () => {
    const table = parse(
      csvOf((cells, index) => index < 5 && (cells[1] = 'green')),
      { rareLevel: 10 },
    );
    expect(table.columns).toEqual(['x', 'colour = blue', 'smoker = yes']);
    expect(rowOf(table, 2)).toEqual([2, 0, 0]);
    expect(table.notes).toContainEqual({ kind: 'merged', column: 'colour', levels: 1, rows: 5, into: 'red' });
  });

  it('fills missing values where the owner says so, with a feature that tells where they are not few', () => {
    const gaps = csvOf((cells, index) => {
      if (index % 3 === 0) cells[0] = 'NA';
      if (index % 5 === 0) cells[1] = '';
      if (index === 7) cells[2] = '?';
    });
    expect(refusal(() => parse(gaps), 'VT7005').facts).toMatchObject({ row: 2, column: 'x' });
    const table = parse(gaps, { missing: 'fill' });
    expect(table.columns).toEqual([
      'x',
      'x is missing',
      'colour = blue',
      'colour is missing',
      'smoker = yes',
    ]);
    expect(rowOf(table, 0)).toEqual([3, 1, 0, 1, 1]);
    expect(table.notes).toContainEqual({ kind: 'filled', column: 'x', rows: 40, fill: 3, flag: true });
    expect(table.notes).toContainEqual({
      kind: 'filled',
      column: 'smoker',
      rows: 1,
      fill: 'no',
      flag: false,
    });
    expect(parse(gaps, { missing: 'fill', rareLevel: 30 }).columns).not.toContain('colour is missing');
    const noTarget = csvOf((cells, index) => index === 3 && (cells[3] = ''));
    expect(refusal(() => parse(noTarget, { missing: 'fill' }), 'VT7005').facts).toMatchObject({
      column: 'y',
    });
  });

  it('reads a target of texts as 0, 1 and so on: of two the one that denies first, else the more frequent', () => {
    const table = parseTable(csvOf(), { target: 'smoker' });
    expect(table.recipe?.classes).toEqual(['no', 'yes']);
    expect(Array.from(table.targets.subarray(0, 5))).toEqual([1, 0, 0, 0, 1]);
    const words = csvOf((cells, index) => (cells[2] = index % 4 === 0 ? 'ill' : 'well'));
    expect(parseTable(words, { target: 'smoker' }).recipe?.classes).toEqual(['well', 'ill']);
    const three = csvOf((cells, index) => (cells[2] = ['no', 'perhaps', 'always'][index % 3] ?? ''));
    const { recipe, targets } = parseTable(three, { target: 'smoker' });
    expect(recipe?.classes).toEqual(['always', 'no', 'perhaps']);
    expect(Array.from(targets.subarray(0, 4))).toEqual([1, 2, 0, 1]);
    const many = csvOf((cells, index) => (cells[2] = `text ${String(index % 17)}`));
    expect(refusal(() => parseTable(many, { target: 'smoker' }), 'VT7014').facts).toMatchObject({
      levels: 17,
    });
  });

  it('leaves columns out, and takes numbers for categories, where it is told', () => {
    const noisy = csvOf((cells, index) => (cells[2] = index % 2 ? 'free text' : 17));
    refusal(() => parse(noisy), 'VT7004');
    expect(parse(noisy, { drop: ['smoker'] }).columns).toEqual(['x', 'colour = blue']);
    expect(parse(noisy, { categories: ['smoker'] }).columns.at(-1)).toMatch(/^smoker = /);
    expect(parse(csvOf(), { categories: ['x'], rareLevel: 1 }).columns.slice(0, 2)).toEqual([
      'x = 1',
      'x = 2',
    ]);
    const { message } = refusal(() => parse(csvOf(), { drop: ['Smoker'] }), 'VT7011');
    expect(message).toContain('Did you mean "smoker"');
  });

  it.each([
    ['dates', (index: number) => `2024-01-${String(1 + (index % 9)).padStart(2, '0')}`, 'VT7016'],
    ['dates with slashes and a time', () => '24/12/2024 10:30', 'VT7016'],
    ['names, each once', (index: number) => `person ${String(index)}`, 'VT7015'],
    ['a number among texts', (index: number) => (index === 3 ? 4 : 'a'), 'VT7004'],
    ['an unseen character', () => 'a\u200bb', 'VT7012'],
  ] as const)('refuses %s', (_, cell, code) => {
    const { facts, hint } = refusal(() => parse(csvOf((cells, index) => (cells[2] = cell(index)))), code);
    expect(facts.column).toBe('smoker');
    expect(hint).not.toBe('');
  });

  it('refuses names that meet', () => {
    const meeting = csvOf((cells) => (cells[0] = cells[0] ?? 0), ['colour = blue', 'colour', 'smoker', 'y']);
    refusal(() => parse(meeting), 'VT7003');
  });

  it('points out a column that numbers the rows, and one that says the target', () => {
    const suspicious = csvOf((cells, index) => {
      cells[0] = index;
      cells[3] = index % 4 === 0 ? 5 : 6;
    });
    const { notes } = parse(suspicious);
    expect(notes).toContainEqual({ kind: 'countsRows', column: 'x' });
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'saysTarget', column: 'smoker = yes' }));
    expect(parse(csvOf()).notes).toEqual([]);
  });

  it('goes with the template, byte for byte, and must make its columns', () => {
    const table = parse(csvOf());
    const { template } = splitTable(table, { subsets: 3 });
    expect(decodeTemplate(encodeTemplate(template))).toEqual(template);
    expect(featureNamesOf(template.recipe!)).toEqual(template.columns);
    const other = { ...template, columns: ['x', 'colour = pink', 'smoker = yes'] };
    refusal(() => encodeTemplate(other), 'VT7201');
  });
});

describe('rows to predict', () => {
  it('become the features that training had, columns in any order', () => {
    const gaps = csvOf((cells, index) => {
      if (index % 3 === 0) cells[0] = '';
    });
    const table = parse(gaps, { missing: 'fill' });
    const turned = plainCsvText(
      ['smoker', 'note', 'x', 'colour'],
      rows.map(([x = 0, colour = '', smoker = ''], index) => [smoker, 'a', index % 3 === 0 ? '' : x, colour]),
    );
    const read = parseRows(turned, { columns: table.columns, recipe: table.recipe });
    expect(read.values).toEqual(table.values);
    expect(read.ignored).toEqual(['note']);
    expect(read.otherLevels).toEqual([]);
  });

  it('may hold texts that training never saw: they count as other, or as the reference, and are named', () => {
    const { columns, recipe } = parse(
      csvOf((cells, index) => index < 40 && (cells[1] = `odd ${String(index)}`)),
      { rareLevel: 25 },
    );
    const read = parseRows('x,colour,smoker\n1,mauve,no\n2,red,seldom\n', { columns, recipe });
    expect(rowOf(read, 0)).toEqual([1, 0, 1, 0]);
    expect(rowOf(read, 1)).toEqual([2, 0, 0, 0]);
    expect(read.otherLevels).toEqual([
      { column: 'colour', countedAs: '(other)', levels: ['mauve'] },
      { column: 'smoker', countedAs: 'no', levels: ['seldom'] },
    ]);
  });

  it('are refused where a value is missing that training always had, and where the target is neither class', () => {
    const { columns, recipe } = parseTable(csvOf(), { target: 'smoker' });
    const read = (csv: string) => () => parseRows(csv, { columns, recipe, target: 'smoker' });
    expect(read('x,colour,y,smoker\n1,blue,2,yes\n')().targets).toEqual(Float64Array.of(1));
    refusal(read('x,colour,y\n1,,2\n'), 'VT7005');
    refusal(read('x,colour,y\nblue,red,2\n'), 'VT7004');
    refusal(read('x,colour,y,smoker\n1,blue,2,perhaps\n'), 'VT7014');
  });

  it('give the features of the table that they came from, whatever its columns', () => {
    const cell = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd e', 'NA'), fc.constant('f'));
    const column = fc.array(cell, { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(column, column, fc.integer({ min: 1, max: 12 }), (one, two, rareLevel) => {
        const csv = plainCsvText(
          ['one', 'two', 'n', 'y'],
          one.map((text, index) => [text, two[index] ?? '', index % 5 ? index % 6 : '', index % 13]),
        );
        const table = parse(csv, { missing: 'fill', rareLevel });
        const read = parseRows(csv, { columns: table.columns, recipe: table.recipe, target: 'y' });
        expect(read.values).toEqual(table.values);
        expect(read.targets).toEqual(table.targets);
      }),
      { numRuns: 50 },
    );
  });
});

describe('made-up rows', () => {
  it('have the shape of the table, the shares of its template, and are read like any others', () => {
    const gaps = csvOf((cells, index) => index % 3 === 0 && (cells[0] = ''));
    const table = parseTable(gaps, { target: 'smoker', missing: 'fill' });
    const { template } = splitTable(table, { subsets: 3 });
    const made = madeUpRows(template, 1000);
    expect(made.header).toEqual(['x', 'colour', 'y', 'smoker']);
    const shareOf = (place: number, cell: number | string): number =>
      made.rows.filter((cells) => cells[place] === cell).length / 1000;
    expect(shareOf(0, '')).toBeCloseTo(1 / 3, 1);
    expect(shareOf(1, 'red')).toBeCloseTo(2 / 3, 1);
    expect(shareOf(3, 'yes')).toBeCloseTo(0.25, 1);
    const csv = plainCsvText(made.header, made.rows);
    const { columns, recipe } = template;
    const read = parseRows(csv, { columns, recipe, target: 'smoker' });
    expect([read.rows, read.otherLevels]).toEqual([1000, []]);
    expect(madeUpRows(template, 1000)).toEqual(made);
  });
});

describe('rows that are set aside', () => {
  const heldOut = { share: 0.25, seed: new Uint8Array(32).fill(7) };

  it('are the same for the same seed, in no other part, and read by the recipe of the others', () => {
    const table = parse(
      csvOf((cells, index) => (cells[0] = index * index)),
      { heldOut },
    );
    expect([table.rows, table.heldOut?.rows]).toEqual([90, 30]);
    expect(table.heldOut?.columns).toEqual(table.columns);
    const xs = [table, table.heldOut!].flatMap((part) =>
      Array.from({ length: part.rows }, (_, index) => rowOf(part, index)[0]),
    );
    expect(xs.sort((a = 0, b = 0) => a - b)).toEqual(rows.map((_, index) => index * index));
    expect(parse(csvOf(), { heldOut }).heldOut?.values).toEqual(parse(csvOf(), { heldOut }).heldOut?.values);
    const other = { ...heldOut, seed: new Uint8Array(32).fill(8) };
    expect(parse(csvOf(), { heldOut: other }).heldOut?.values).not.toEqual(
      parse(csvOf(), { heldOut }).heldOut?.values,
    );
  });

  it('have the same part of each of two classes', () => {
    const rare = csvOf((cells, index) => (cells[3] = index % 15 === 0 ? 1 : 0));
    const { heldOut: aside, targets } = parse(rare, { heldOut });
    const ones = (values: Float64Array): number => values.filter((value) => value === 1).length;
    expect([ones(aside!.targets), ones(targets)]).toEqual([2, 6]);
  });

  it('leave enough to train on, or are refused', () => {
    refusal(() => parse(csvOf(), { heldOut: { ...heldOut, share: 0.6 } }), 'VT7501');
    refusal(() => parse(csvOf(), { heldOut: { ...heldOut, share: 0.05 } }), 'VT7008');
    const short = csvOf().split('\n').slice(0, 36).join('\n');
    expect(refusal(() => parse(short, { heldOut, rareLevel: 1 }), 'VT7008').facts.rows).toBe(35);
    expect(parse(short, { heldOut: { ...heldOut, orNone: true }, rareLevel: 1 })).toMatchObject({
      rows: 35,
      heldOut: undefined,
    });
  });
});
