import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DemoRun } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A table of 40 rows that would do, with one cell, row or column spoilt. */
function table(name: string, spoil: (rows: string[][]) => string[][]): string {
  const header = ['age', 'dose', 'target'];
  const rows = Array.from({ length: 40 }, (_, row) => [row, (row * row) % 7, (row * 3) % 11].map(String));
  const path = join(folder, `${name}.csv`);
  writeFileSync(
    path,
    spoil([header, ...rows])
      .map((cells) => cells.join(','))
      .join('\n'),
  );
  return path;
}

const cell = (row: number, column: number, text: string) => (rows: string[][]) =>
  rows.map((cells, index) => (index === row - 1 ? cells.with(column, text) : cells));
const column = (at: number, text: string) => (rows: string[][]) =>
  rows.map((cells, index) => (index === 0 ? cells : cells.with(at, text)));

const cases: [string, string[], RegExp, Record<string, unknown>][] = [
  ['a text cell', ['--data', table('text', cell(17, 0, 'red'))], /TEXT_CELL/, { row: 17, column: 'age' }],
  [
    'a missing value',
    ['--data', table('missing', cell(9, 1, '')), '--missing', 'refuse'],
    /MISSING_VALUE/,
    { row: 9, column: 'dose' },
  ],
  ['a gap in the target', ['--data', table('gap', cell(9, 2, ''))], /MISSING_VALUE/, { column: 'target' }],
  [
    'a column of names',
    [
      '--data',
      table('names', (rows) => rows.map((cells, row) => (row === 0 ? cells : cells.with(0, `p${row}a`)))),
    ],
    /TOO_MANY_LEVELS/,
    { column: 'age' },
  ],
  ['a date', ['--data', table('dates', column(1, '2024-02-29'))], /DATE_CELL/, { row: 2, column: 'dose' }],
  ['a constant column', ['--data', table('constant', column(1, '5'))], /CONSTANT_COLUMN/, { column: 'dose' }],
  ['a constant target', ['--data', table('flat', column(2, '1'))], /CONSTANT_COLUMN/, { column: 'target' }],
  ['too few rows', ['--data', table('few', (rows) => rows.slice(0, 30))], /TOO_FEW_ROWS/, { rows: 29 }],
  ['a missing target', ['--data', table('good', (rows) => rows), '--target', 'price'], /MISSING_TARGET/, {}],
  [
    'too many subsets',
    ['--data', table('small', (rows) => rows), '--subsets', '5'],
    /TOO_MANY_SUBSETS/,
    { rows: 40 },
  ],
  ['an absent file', ['--data', join(folder, 'absent.csv')], /FILE_MISSING/, {}],
  ['a folder', ['--data', folder], /FILE_MISSING/, {}],
  ['an empty file', ['--data', table('empty', () => [])], /CSV_UNREADABLE/, {}],
  ['an epsilon of nothing', ['--epsilon', '0'], /WRONG_ARGUMENT/, { argument: '--epsilon' }],
  ['a delta without an epsilon', ['--delta', '1e-6'], /WRONG_ARGUMENT/, { option: '--delta' }],
  ['a range that is none', ['--epsilon', '3', '--bounds', 'age=9:1'], /WRONG_ARGUMENT/, {}],
  ['bounds of no column', ['--epsilon', '3', '--bounds', 'size=1:9'], /BAD_ARGUMENT/, { column: 'size' }],
  ['a delta of a row', ['--epsilon', '3', '--delta', '0.01'], /BAD_ARGUMENT/, { delta: 0.01 }],
  [
    'classes that need more than second moments',
    [
      '--epsilon',
      '3',
      '--task',
      'classification',
      '--data',
      table('three', (rows) =>
        rows.map((cells, row) => (row === 0 ? cells : cells.with(2, (row % 3).toString()))),
      ),
    ],
    /NO_SUCH_PROGRAM/,
    { task: 'classification', wouldFit: 'linear' },
  ],
  ['one subset', ['--subsets', '1'], /WRONG_ARGUMENT/, { argument: '--subsets', given: '1' }],
  ['no replica', ['--replicas', '0'], /WRONG_ARGUMENT/, { argument: '--replicas' }],
  ['rounds that are no number', ['--rounds', '1e3'], /WRONG_ARGUMENT/, { argument: '--rounds' }],
  ['a report nowhere', ['--report', join(folder, 'no', 'report.html')], /WRONG_ARGUMENT/, {}],
  ['an unknown option', ['--sead', '7'], /WRONG_ARGUMENT/, {}],
];

describe('bad input', () => {
  it.each(cases)('%s: one coded error, exit status 4, nothing started', async (_name, args, title, facts) => {
    const run = new DemoRun(...args, '--format', 'json');
    try {
      const { status, stdout, stderr } = await run.ended();
      const printed = JSON.parse(stdout) as {
        error: { code: string; title: string; hint: string; facts: object };
      };
      expect(printed).toMatchObject({ schemaVersion: 1, outcome: 'failed', exitStatus: 4 });
      expect(printed.error.code).toMatch(/^VT\d{4}$/);
      expect(printed.error.title).toMatch(title);
      expect(printed.error.facts).toMatchObject(facts);
      expect(printed.error.hint.length).toBeGreaterThan(10);
      expect([status, stderr]).toEqual([4, '']);
      expect(readdirSync(run.folder)).toEqual([]);
    } finally {
      await run.clear();
    }
  });
});
