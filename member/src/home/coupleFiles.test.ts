import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { notedSteps, roundResultFile } from './coupleFiles.js';
import { CoupleHome } from './memberHome.js';

const folder = testFolder('round-result');

it('keeps one result for each attempt, whose precision may be unknown', () => {
  const home = new CoupleHome(folder());
  const metrics = {
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
    schemaVersion: 1 as const,
    model: { weights: [1], intercept: 2 },
    metrics,
    usedSubsets: [0],
  };
  expect(notedSteps(home, 3)).toBeUndefined();
  for (const attempt of [1, 2]) roundResultFile(home, attempt).write({ ...result, attempt });
  expect(roundResultFile(home, 2).read()).toEqual({ ...result, attempt: 2 });
  expect(roundResultFile(home, 3).read()).toBeUndefined();
  roundResultFile(home, 3).write({ ...result, attempt: 3, metrics: { ...metrics, stepRefused: true } });
  expect(notedSteps(home, 2)).toEqual({ boundRounds: 2, refusedSteps: 0 });
  expect(notedSteps(home, 3)).toEqual({ boundRounds: 3, refusedSteps: 1 });
});

it('reads notes of versions that counted no steps', () => {
  const home = new CoupleHome(folder());
  const metrics = {
    attempt: 1,
    rounds: 1,
    gradientNorm: 2,
    step: 3,
    precisionBits: 20,
    unusable: [],
    finished: false,
  };
  const note = {
    schemaVersion: 1,
    attempt: 1,
    model: { weights: [1], intercept: 2 },
    metrics,
    usedSubsets: [0],
  };
  mkdirSync(dirname(home.roundPath(1)), { recursive: true });
  writeFileSync(home.roundPath(1), JSON.stringify(note));
  expect(notedSteps(home, 1)).toEqual({ boundRounds: 0, refusedSteps: 0 });
});
