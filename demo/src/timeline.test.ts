import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StepDone, Timeline } from './timeline.js';

const at = (ms: number): string => new Date(1_700_000_000_000 + ms).toISOString();
const done = (step: string, time: number, ms: number, facts: StepDone['facts'] = {}): StepDone => ({
  kind: 'stepDone',
  at: at(time),
  step,
  facts: { attempt: 1, ...facts },
  ms,
});

function timelineOf(steps: readonly StepDone[]): Timeline {
  const timeline = new Timeline();
  for (const step of steps) timeline.add(step);
  return timeline;
}

describe('Timeline', () => {
  it('cuts a round into phases that add up to its wall clock', () => {
    const timeline = timelineOf([
      done('putModel', 100, 80),
      done('openRound', 160, 50),
      done('startRound', 220, 40),
      done('computeUpdate', 260, 30),
      done('submitUpdate', 300, 30),
      done('computeUpdate', 310, 30),
      done('submitUpdate', 350, 30),
      done('downloadUpdates', 400, 20),
      done('closeRound', 420, 10),
      done('applyUpdates', 470, 40),
    ]);
    const times = Object.fromEntries(timeline.times([1]).map(({ phase, seconds }) => [phase, seconds]));
    expect(times).toEqual({
      send: 0.14,
      draw: 0.06,
      train: 0.09,
      commit: 0.04,
      deliver: 0.05,
      judge: 0.02,
      step: 0.05,
    });
  });

  it('counts a wait between rounds to the next round, and lacks nothing where steps were done twice', () => {
    const timeline = timelineOf([
      done('openRound', 100, 100),
      done('closeRound', 500, 10),
      done('openRound', 900, 100, { attempt: 2 }),
      done('openRound', 1_000, 100, { attempt: 2 }),
      done('closeRound', 1_200, 10, { attempt: 2 }),
    ]);
    const seconds = timeline.times([1, 2]).reduce((sum, time) => sum + time.seconds, 0);
    expect(seconds).toBeCloseTo(1.2, 9);
  });

  it('adds up bytes of all steps, and never gives a negative time', () => {
    const steps = fc.constantFrom(
      'putModel',
      'openRound',
      'startRound',
      'computeUpdate',
      'submitUpdate',
      'closeRound',
      'x',
    );
    const any = fc.array(
      fc.tuple(steps, fc.nat(5_000), fc.nat(300), fc.nat(1_000), fc.integer({ min: 1, max: 3 })),
    );
    fc.assert(
      fc.property(any, (all) => {
        const timeline = timelineOf(
          all.map(([step, time, ms, bytes, attempt]) => done(step, time, ms, { bytes, attempt })),
        );
        expect(timeline.trafficBytes).toBe(all.reduce((sum, [, , , bytes]) => sum + bytes, 0));
        for (const { seconds } of timeline.times([1, 2, 3])) expect(seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
