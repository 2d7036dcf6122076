import { describe, expect, it } from 'vitest';
import { demoInput } from './demo.js';

describe('demoInput', () => {
  it('has 3 subsets × 3 replicas and 20 rounds where nothing is said', () => {
    expect(demoInput.parse({})).toEqual({
      target: 'target',
      aggregation: 'perSubset',
      task: 'auto',
      missing: 'fill',
      subsets: 3,
      replicas: 3,
      rounds: 20,
      report: 'report.html',
      fabric: false,
      minio: false,
      keep: false,
      untilStdinEnds: false,
    });
  });

  it('takes numbers as they are written', () => {
    const given = { subsets: '5', replicas: '1', rounds: '7', seed: '7' };
    expect(demoInput.parse(given)).toMatchObject({ subsets: 5, replicas: 1, rounds: 7, seed: '7' });
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
    ['rounds', '5001'],
    ['rounds', '99999999999999999999'],
    ['seed', ''],
    ['target', ''],
    ['report', ''],
    ['data', ''],
    ['colour', 'red'],
  ])('refuses --%s %j', (name, value) => {
    expect(demoInput.safeParse({ [name]: value }).success).toBe(false);
  });
});
