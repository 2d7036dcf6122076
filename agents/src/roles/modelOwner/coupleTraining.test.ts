import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from '@veritrain/client-sdk/vault';
import type { TrainerState } from '@veritrain/training';
import { expect, it } from 'vitest';
import { CoupleHome } from '@veritrain/member/home';
import { testFolder } from '../../../../test/support/folder.js';
import { progressFile } from './coupleTraining.js';

const folder = testFolder('progress');
const digest = digestOf(Buffer.from('any'));
const trainer: TrainerState = {
  schemaVersion: 3,
  programDigest: digest,
  templateDigest: digest,
  attempt: 2,
  rounds: 1,
  finished: false,
  firstGradientNorm: 0,
  calmRounds: 0,
  model: { weights: [0.1, -1e-300, Number.MIN_VALUE], before: [100, 0, -1 / 3], memory: [null] },
};

const fail = (): never => {
  throw new Error('not damaged');
};

it('comes back from disk without a bit lost, and is missing before', () => {
  const file = progressFile(new CoupleHome(folder()));
  expect(file.readUndamaged(fail)).toBeUndefined();
  file.write({ schemaVersion: 1, attempt: 3, trainer });
  expect(progressFile(new CoupleHome(folder())).readUndamaged(fail)).toMatchObject({ attempt: 3, trainer });
});

it('sets a state aside that is of another shape', () => {
  const home = new CoupleHome(folder());
  progressFile(home).write({ schemaVersion: 1, attempt: 3, trainer });
  writeFileSync(
    home.statePath,
    JSON.stringify({ schemaVersion: 1, attempt: 3, trainer: { ...trainer, rounds: 'none' } }),
  );
  const told: string[] = [];
  expect(progressFile(home).readUndamaged((keptAs) => told.push(keptAs))).toBeUndefined();
  expect(told).toEqual([`${home.statePath}.damaged`]);
  expect(readFileSync(told[0]!, 'utf8')).toContain('"none"');
  // What cannot be read at all is no damage.
  mkdirSync(home.statePath);
  expect(() => progressFile(home).readUndamaged(fail)).toThrow('EISDIR');
});
