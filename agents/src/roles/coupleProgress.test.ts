import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf } from '@veritrain/client-sdk';
import type { TrainerState } from '@veritrain/training';
import { expect, it } from 'vitest';
import { CoupleHome } from '@veritrain/member/home';
import { testFolder } from '../../../test/support/folder.js';
import { notedSteps, ProgressFile, roundResultFile } from './coupleProgress.js';

const folder = testFolder('progress');
const digest = digestOf(Buffer.from('any'));
const trainer: TrainerState = {
  schemaVersion: 2,
  programDigest: digest,
  templateDigest: digest,
  attempt: 2,
  rounds: 1,
  finished: false,
  weights: [0.1, -1e-300, Number.MIN_VALUE],
  before: [100, 0, -1 / 3],
  query: [1 / 3, 0, 16],
  momentum: 1,
  memory: [null],
  firstGradientNorm: 0,
  calmRounds: 0,
};

const fail = (): never => {
  throw new Error('not damaged');
};

it('comes back from disk without a bit lost, and is missing before', () => {
  const file = new ProgressFile(new CoupleHome(folder()));
  expect(file.read(fail)).toBeUndefined();
  file.write({ attempt: 3, trainer });
  expect(new ProgressFile(new CoupleHome(folder())).read(fail)).toMatchObject({ attempt: 3, trainer });
});

it('sets a state aside that is of another shape', () => {
  const home = new CoupleHome(folder());
  new ProgressFile(home).write({ attempt: 3, trainer });
  writeFileSync(
    home.statePath,
    JSON.stringify({ schemaVersion: 1, attempt: 3, trainer: { ...trainer, weights: 'none' } }),
  );
  const told: string[] = [];
  expect(new ProgressFile(home).read((keptAs) => told.push(keptAs))).toBeUndefined();
  expect(told).toEqual([`${home.statePath}.damaged`]);
  expect(readFileSync(told[0]!, 'utf8')).toContain('"none"');
  // What cannot be read at all is no damage.
  mkdirSync(home.statePath);
  expect(() => new ProgressFile(home).read(fail)).toThrow('EISDIR');
});

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
