import { describe, expect, it } from 'vitest';
import { builtInTable, parseDemoOptions } from './options.js';

describe('parseDemoOptions', () => {
  it('has the Diabetes table, 3 subsets × 3 replicas and 20 rounds where nothing is said', () => {
    expect(parseDemoOptions({})).toEqual({
      data: builtInTable,
      subsets: 3,
      replicas: 3,
      rounds: 20,
      report: 'report.html',
      keep: false,
    });
  });

  it('takes numbers as they are written', () => {
    expect(parseDemoOptions({ subsets: '5', replicas: '1', rounds: '7', seed: '7' })).toMatchObject({
      subsets: 5,
      replicas: 1,
      rounds: 7,
      seed: '7',
    });
  });

  it.each([
    ['subsets', '1'],
    ['subsets', '1001'],
    ['subsets', 'three'],
    ['subsets', '2.5'],
    ['subsets', '-2'],
    ['subsets', '1e2'],
    ['subsets', 'NaN'],
    ['subsets', ''],
    ['replicas', '0'],
    ['replicas', '16'],
    ['replicas', '0x3'],
    ['rounds', '0'],
    ['rounds', '1001'],
    ['rounds', '99999999999999999999'],
    ['seed', ''],
    ['target', ''],
    ['report', ''],
    ['data', ''],
  ])('refuses --%s %j with a code, and names the argument', (name, value) => {
    expect(() => parseDemoOptions({ [name]: value })).toThrow(new RegExp(`^VT9001 WRONG_ARGUMENT: --${name} `));
  });

  it('names every wrong argument at once', () => {
    expect(() => parseDemoOptions({ subsets: '1', rounds: 'many' })).toThrow(/--subsets.*--rounds/s);
  });
});
