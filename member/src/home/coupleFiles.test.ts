import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { notedRounds, notedSteps, roundResultFile } from './coupleFiles.js';
import { CoupleHome } from './memberHome.js';

const folder = testFolder('round-result');

it('keeps one result for each attempt, whose precision may be unknown', () => {
  const home = new CoupleHome(folder());
  const figure = { name: 'mse', value: 4, split: 'train', kind: 'estimate', subsets: 2, of: 3 } as const;
  const metrics = {
    metrics: [figure],
    attempt: 1,
    rounds: 1,
    gradientNorm: 2,
    lossEstimate: -0.1,
    boundActive: true,
    stepRefused: false,
    step: 3,
    precisionBits: null,
    unusable: [],
    finished: false,
  };
  const result = {
    schemaVersion: 2 as const,
    model: { family: 'linear', parameters: { weights: [1], intercept: 2 } },
    metrics,
    usedSubsets: [0],
  };
  expect(notedSteps(home, 3)).toBeUndefined();
  for (const attempt of [1, 2]) roundResultFile(home, attempt).write({ ...result, attempt });
  expect(roundResultFile(home, 2).read()).toEqual({ ...result, attempt: 2 });
  expect(roundResultFile(home, 3).read()).toBeUndefined();
  roundResultFile(home, 3).write({ ...result, attempt: 3, metrics: { ...metrics, stepRefused: true } });
  expect(notedRounds(home, 3).map(({ metrics: of }) => of)).toEqual([[figure], [figure], [figure]]);
  expect(notedSteps(home, 2)).toEqual({ boundRounds: 2, refusedSteps: 0 });
  expect(notedSteps(home, 3)).toEqual({ boundRounds: 3, refusedSteps: 1 });
});
