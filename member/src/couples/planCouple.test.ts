import { defineProgram, messageSizes } from '@veritrain/training';
import { expect, it } from 'vitest';
import { trafficBytesOf } from './planCouple.js';
import { paceOf } from './recordedPace.js';

const size = { rounds: 4, subsets: 3, subsetsPerRound: 2, replicas: 2 };
const bytes = { keyBytes: 9000, modelBytes: 100, updateBytes: 10, firstUpdateBytes: 15 };

it('counts every upload and download, and the set-up of each subset once', () => {
  // A round: 1 upload and 4 downloads of the model, 4 uploads and 2 downloads of updates. Set-ups: 3 subsets, 3 times each.
  expect(trafficBytesOf(size, bytes)).toBe(4 * (5 * 100 + 6 * 10) + 3 * 3 * 5);
});

it('counts no set-up of subsets that are never drawn', () => {
  expect(trafficBytesOf({ ...size, rounds: 1 }, bytes)).toBe(5 * 100 + 6 * 15);
});

it('is larger for logistic models, whose queries and first updates are', () => {
  const [linear, logistic] = (['linear', 'logistic'] as const).map((family) =>
    messageSizes(defineProgram({ family }), 15),
  );
  expect(logistic!.firstUpdateBytes).toBeGreaterThan(logistic!.updateBytes);
  expect(trafficBytesOf(size, logistic!)).toBeGreaterThan(trafficBytesOf(size, linear!));
});

it('takes the pace of rounds from finished trainings', () => {
  const stamp = (time: number) => ({ sequence: 1, time, transactionId: 't' });
  const couple = (from: number, to: number, startedRounds: number) => ({
    ...{ answeredAt: stamp(from), endedAt: stamp(to), startedRounds },
  });
  expect(paceOf([])).toBeNull();
  const beforeFirstTick = { sequence: 0, time: 0, transactionId: 't' };
  expect(paceOf([{ ...couple(0, 9000, 2), answeredAt: beforeFirstTick }])).toBeNull();
  expect(paceOf([couple(1000, 9000, 2), couple(5000, 9000, 1)])).toEqual({
    ...{ trainings: 2, rounds: 3, secondsPerRound: 4 },
  });
});
