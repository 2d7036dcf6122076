import { describe, expect, it } from 'vitest';
import * as sources from '../../src/index.js';
import { fuzz, sharesOf } from './run.js';
import type { Training } from './target.js';
import { allTargets } from './targets.js';

const training: Training = sources;
const targets = await allTargets(training);
const shares = sharesOf(targets, 3000);

describe('mutated inputs bring an error with a code, or something sound', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const { refused, failures } = await fuzz(training, target, {
      seed: 'npm test',
      count: shares.get(target) ?? 1,
    });
    expect(failures).toEqual([]);
    expect(Object.keys(refused).length).toBeGreaterThan(0);
  });
});
