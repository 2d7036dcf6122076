import fc from 'fast-check';
import widthOf from 'string-width';
import { describe, expect, it } from 'vitest';
import { bytesText, shortDigest } from '@veritrain/member/text';
import { clockTime, columns, duration, fields, shortDigests, table, wrap } from './text.js';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** Letters that are one column wide, two, and none: a combining accent. */
const letters = fc.constantFrom('a', 'b', 'c', 'd', ' ', '.', '-', '患', '者', '한', '😀', 'e\u0301');
const cell = fc.array(letters, { maxLength: 120 }).map((text) => text.join('').trim());

describe('text of 80 columns', () => {
  it('wraps sentences between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', '  three']);
    expect(wrap('short')).toEqual(['short']);
  });

  it('never makes a table wider, and loses no character of a cell', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = table(['a', 'b', 'c', 'd'], rows, '').split('\n');
        expect(Math.max(...lines.map((line) => widthOf(line)))).toBeLessThanOrEqual(columns);
        const lettersOf = (text: string): string[] => text.match(/\S/gu)?.sort() ?? [];
        expect(lettersOf(lines.join(''))).toEqual(lettersOf(`abcd${rows.flat().join('')}`));
      }),
      { numRuns: 100 },
    );
  });

  it('aligns what is written in wide letters', () => {
    const rows = [
      ['患者の年齢', 1],
      ['age', 2],
    ];
    expect(table(['name', 'value'], rows, '').split('\n').slice(1)).toEqual([
      '患者の年齢  1',
      'age         2',
    ]);
    expect(
      fields([
        ['患者', 1],
        ['age', 2],
      ]),
    ).toBe('患者  1\nage   2');
  });

  it('says what to do where a table would be empty', () => {
    expect(table(['a'], [], 'Begin with: x')).toBe('Begin with: x');
  });

  it('lets no cell and no value make a line of its own', () => {
    const forged = 'a\nforged';
    expect(table(['name'], [[forged]], '')).toContain('a\\u000aforged');
    expect(fields([['Name', forged]])).toBe('Name  a\\u000aforged');
    expect(table(['name'], [[['one', 'two']]], '').split('\n')).toHaveLength(3);
  });

  it('aligns names and values, and leaves out what is not there', () => {
    expect(
      fields([
        ['Model', 'md_x'],
        ['Not there', undefined],
        ['Rounds', 3],
      ]),
    ).toBe('Model   md_x\nRounds  3');
  });

  it('writes digests as 8…8', () => {
    expect(shortDigest(digest)).toBe('01234567…89abcdef');
    expect(shortDigests(`sent out ${digest}.`)).toBe('sent out 01234567…89abcdef.');
    expect(shortDigest('abc')).toBe('abc');
  });

  it('writes sizes and durations as people read them', () => {
    expect([0, 999, 1000, 131_072, 9_800_000].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '131 kB',
      '9.8 MB',
    ]);
    expect([250, 6_200, 90_000, 5_400_000, 7_200_000, 604_800_000].map(duration)).toEqual([
      '250 ms',
      '6.2 s',
      '1 min 30 s',
      '90 min 0 s',
      '2 h 0 min',
      '7 days 0 h',
    ]);
  });

  it('writes the time of day, and the date of another day', () => {
    const noon = new Date(2026, 5, 1, 12, 0, 5).getTime();
    expect(clockTime(noon, noon)).toBe('12:00:05');
    expect(clockTime(noon, noon + 86_400_000)).toBe('2026-06-01 12:00:05');
  });
});
