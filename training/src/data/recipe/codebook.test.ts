import { describe, expect, it } from 'vitest';
import { predict } from '../../models/predict.js';
import { encodeOnnx } from '../../onnx/index.js';
import { madeUpModel } from '../../testing/customers.js';
import { splitPrivately } from '../../privacy/privateSplit.js';
import { refusal } from '../../testing/errors.js';
import { csvOf, parse, rowOf } from '../../testing/mixedTable.js';
import { gapOf, runOnnx } from '../../testing/onnx.js';
import type { ReadFacts } from '../finishTable.js';
import { packagePieces } from '../package.js';
import { parseRows, type RowsOptions } from '../rows.js';
import { rowTableOf, splitRows } from '../split.js';
import { parseTable, type Table, type TableOptions } from '../table.js';
import { decodeTemplate, encodeTemplate } from '../template.js';
import { codebookSchema, codedColumnsOf, decodeRecipe, type Codebook } from './codebook.js';
import { madeUpRows } from './madeUpRows.js';

const secret = new Uint8Array(32).fill(7);
const wards = ['Innere, Süd', 'Kardiologie', 'Ärzte "Nord"', 'Psychiatrie'];
const places = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3];
/** Wards of 44, 36, 24 and 12 rows, and four of one row each. */
const withWards = csvOf(
  (cells, index) => {
    cells[1] = index % 30 === 0 ? `selten ${String(index)}` : wards[places[index % 10]!]!;
    cells[2] = index % 4 === 0 ? 'jawohl' : 'niemals';
  },
  ['x', 'Station', 'smoker', 'y'],
);
const texts = [...wards, 'selten', 'jawohl', 'niemals'];
const coded = (options: TableOptions = {}, csv = withWards): Table & ReadFacts =>
  parse(csv, { codes: { secret }, rareLevel: 10, ...options });
const bookOf = ({ codebook }: ReadFacts): Codebook => codebook!;

describe('levels that are codes', () => {
  it('are in recipe, names and notes in place of texts, and in the codebook with them', () => {
    const { recipe, columns, notes, codebook } = coded();
    for (const text of texts) expect(JSON.stringify({ recipe, columns, notes })).not.toContain(text);
    expect(codedColumnsOf(recipe)).toEqual(['Station', 'smoker']);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'merged', column: 'Station', levels: 4 }));
    expect(codebookSchema.parse(codebook)).toEqual(codebook);
    expect(codebook?.columns[0]?.levels.map(({ text }) => text).sort()).toEqual([...wards].sort());
    expect(codebook?.columns[0]?.levels.every(({ code }) => /^c-[a-z2-7]{10}$/.test(code))).toBe(true);
    expect(JSON.stringify(codebook)).not.toContain('selten');
  });

  it('are the same for the same secret, and follow neither names nor numbers of rows', () => {
    expect(coded()).toEqual(coded());
    const orders = Array.from({ length: 40 }, (_, byte) => {
      const { codebook } = coded({ codes: { secret: new Uint8Array(32).fill(byte) } });
      return codebook!.columns[0]!.levels.map(({ text }) => text).join();
    });
    expect(new Set(orders).size).toBeGreaterThan(10);
    const [first, other] = [coded(), coded({ codes: { secret: new Uint8Array(32).fill(8) } })].map(bookOf);
    const codesOf = (book: Codebook) => book.columns.flatMap(({ levels }) => levels.map(({ code }) => code));
    expect(codesOf(other!).filter((code) => codesOf(first!).includes(code))).toEqual([]);
  });

  it('do not say which of two levels denies', () => {
    const mostlyYes = csvOf((cells, index) => (cells[2] = index % 3 === 0 ? 'no' : 'yes'));
    const table = coded({}, mostlyYes);
    const smoker = decodeRecipe(table.recipe, bookOf(table)).columns[2];
    expect(smoker).toMatchObject({ reference: 'yes', levels: ['no'] });
  });

  it('leave the features of a row as they were but for their order, and rows set aside their texts', () => {
    const heldOut = { share: 0.2, seed: Buffer.from('codes') };
    const [plain, table] = [coded({ codes: undefined, heldOut }), coded({ heldOut })];
    const decoded = decodeRecipe(table.recipe, bookOf(table));
    const named = { ...table, recipe: decoded };
    expect(table.features).toBe(plain.features);
    const valuesOf = (of: Table, row: number) => rowOf(of, row).sort();
    for (let row = 0; row < table.rows; row++) expect(valuesOf(named, row)).toEqual(valuesOf(plain, row));
    expect(table.heldOut?.csv()).toBe(plain.heldOut?.csv());
    expect(table.heldOut?.csv()).toContain('"Innere, Süd"');
    const again = parseRows(table.heldOut!.csv(), { ...table, codebook: table.codebook });
    expect(again.values).toEqual(table.heldOut!.values);
  });

  it('are those of the chosen columns alone', () => {
    const table = coded({ codes: { secret, columns: [' Station '] } });
    expect(codedColumnsOf(table.recipe)).toEqual(['Station']);
    expect(table.columns).toContain('smoker = jawohl');
    expect(bookOf(table).columns).toHaveLength(1);
    const { message } = refusal(() => coded({ codes: { secret, columns: ['station'] } }), 'VT7011');
    expect(message).toContain('Did you mean "Station"');
    refusal(() => coded({ codes: { secret, columns: ['x'] } }), 'VT7501');
    refusal(() => coded({ codes: { secret, columns: ['y'] } }), 'VT7501');
    refusal(() => coded({ codes: { secret: new Uint8Array(4) } }), 'VT7501');
    expect(coded({ codes: { secret }, drop: ['Station', 'smoker'] }).codebook).toBeUndefined();
  });

  it('leave the classes of a target texts, and numbers that are codes hide their values', () => {
    const table = parseTable(withWards, {
      target: 'smoker',
      codes: { secret },
      categories: ['x'],
      rareLevel: 5,
    });
    expect(table.recipe?.classes).toEqual(['niemals', 'jawohl']);
    expect(table.columns.filter((name) => /^x = \d/.test(name))).toEqual([]);
    expect(
      bookOf(table)
        .columns[0]?.levels.map(({ text }) => text)
        .sort(),
    ).toEqual(Array.from('0123456'));
  });

  it('are no texts in template and packages', async () => {
    const table = coded();
    const { template, blocks } = await splitRows(rowTableOf(table), { subsets: 3, seed: secret });
    const pieces = [0, 1, 2].flatMap((subset) => [
      ...packagePieces({ template, subset, blocks: blocks(subset), shardSecret: secret }),
    ]);
    const privacy = { epsilon: 3, observed: true };
    const noised = splitPrivately(rowTableOf(table), { subsets: 3, seed: secret, privacy });
    expect(codedColumnsOf(noised.template.recipe)).toEqual(['Station', 'smoker']);
    const bytes = Buffer.concat([encodeTemplate(template), encodeTemplate(noised.template), ...pieces]);
    for (const text of texts) expect(bytes.includes(text), text).toBe(false);
    expect(decodeTemplate(encodeTemplate(template))).toEqual(template);
    // A template that promises codes has nothing else.
    const column = { ...template.recipe!.columns[1]!, reference: 'Psychiatrie' };
    const recipe = { columns: template.recipe!.columns.with(1, column) };
    refusal(() => encodeTemplate({ ...template, recipe }), 'VT7201');
  });
});

describe('rows of a model whose levels are codes', () => {
  const table = coded();
  const { recipe, columns } = table;
  const book = bookOf(table);
  const codeOf = (text: string): string =>
    book.columns.flatMap(({ levels }) => levels).find((level) => level.text === text)!.code;
  const read = (rows: string[], options: Partial<RowsOptions> = {}) =>
    parseRows(['x,Station,smoker', ...rows].join('\n'), { recipe, columns, ...options });
  const [written, inCodes] = [
    ['1,Kardiologie,jawohl', '2,"Innere, Süd",niemals', '3,nie gesehen,niemals'],
    [
      `1,${codeOf('Kardiologie')},${codeOf('jawohl')}`,
      `2,${codeOf('Innere, Süd')},${codeOf('niemals')}`,
      `3,(other),${codeOf('niemals')}`,
    ],
  ];

  it('have codes, or with the codebook texts, or both', () => {
    const { values } = read(inCodes);
    expect(values.some((value) => value === 1)).toBe(true);
    expect(read(written, { codebook: book }).values).toEqual(values);
    expect(read([...inCodes, ...written], { codebook: book }).values).toEqual(
      Float64Array.of(...values, ...values),
    );
    const { otherLevels } = read(written, { codebook: book });
    expect(otherLevels).toEqual([{ column: 'Station', countedAs: 'Innere, Süd', levels: ['nie gesehen'] }]);
  });

  it('are refused with texts alone, and say which texts are no codes', async () => {
    const { facts, message } = refusal(() => read(written), 'VT7018');
    expect(facts).toEqual({ source: 'table', column: 'Station', levels: 3 });
    expect(message).not.toContain('Kardiologie');
    refusal(() => read(inCodes.map((row) => row.replace(/c-\w+$/, 'niemals'))), 'VT7018');
    expect(read([...inCodes, written[0]!]).otherLevels).toMatchObject([
      { column: 'Station', levels: ['(other)', 'Kardiologie'] },
      { column: 'smoker', levels: ['jawohl'] },
    ]);
    const { template } = await splitRows(rowTableOf(table), { subsets: 3 });
    const madeUp = madeUpRows(template, 50).rows.map((cells) => cells.slice(0, -1).join(','));
    expect(read(madeUp).rows).toBe(50);
  });

  it('need the codebook of their model', () => {
    const other = bookOf(coded({ codes: { secret: new Uint8Array(32) } }));
    refusal(() => read(written, { codebook: other }), 'VT7019');
    const [station, smoker] = book.columns;
    const short = { ...book, columns: [{ ...station!, levels: station!.levels.slice(1) }, smoker!] };
    expect(refusal(() => read(written, { codebook: short }), 'VT7019').facts).toEqual({
      column: 'Station',
      level: station!.levels[0]!.code,
    });
    const plain = coded({ codes: undefined });
    refusal(() => read(written, { ...plain, codebook: book }), 'VT7019');
    refusal(() => parseRows('a\n1', { columns: ['a'], codebook: book }), 'VT7019');
  });

  it('are codes of an ONNX file, or texts where its recipe was decoded', async () => {
    const model = madeUpModel('linear', { kind: 'identity' }, table.columns, { recipe: table.recipe });
    const wanted = [...predict(read(inCodes), model)];
    const rowsOf = (rows: string[]) =>
      parseRowsAsTexts(rows).map(([x = '', station = '', smoker = '']) => ({ x, Station: station, smoker }));
    const file = encodeOnnx(model);
    expect(gapOf((await runOnnx(file, rowsOf(inCodes))).prediction!, wanted)).toBeLessThan(1e-12);
    expect(Buffer.from(file.bytes).includes('["Station","smoker"]')).toBe(true);
    expect(Buffer.from(file.bytes).includes('Kardiologie')).toBe(false);
    const named = encodeOnnx({ ...model, recipe: decodeRecipe(table.recipe, book) });
    expect(gapOf((await runOnnx(named, rowsOf(written))).prediction!, wanted)).toBeLessThan(1e-12);
  });
});

describe('a codebook', () => {
  const level = { code: 'c-aaaaaaaaaa', text: 'a' };
  const other = { code: 'c-bbbbbbbbbb', text: 'b' };
  const isBook = (...columns: unknown[]): boolean =>
    codebookSchema.safeParse({ schemaVersion: 1, columns }).success;

  it('has each column, code and text once', () => {
    expect(isBook({ column: 'a', levels: [level, other] })).toBe(true);
    expect(isBook({ column: 'a', levels: [level] }, { column: 'a', levels: [other] })).toBe(false);
    expect(isBook({ column: 'a', levels: [level, { ...other, code: level.code }] })).toBe(false);
    expect(isBook({ column: 'a', levels: [level, { ...other, text: level.text }] })).toBe(false);
    expect(isBook({ column: 'a', levels: [{ ...level, code: 'a' }] })).toBe(false);
    expect(isBook({ column: 'a', levels: [] })).toBe(false);
  });
});

/** Cells of rows without escapes but quotes around a comma. */
const parseRowsAsTexts = (rows: string[]): string[][] =>
  rows.map((row) => [...row.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''));
