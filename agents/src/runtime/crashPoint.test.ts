import { afterEach, expect, it, vi } from 'vitest';
import { CrashPoints, agentSteps } from './crashPoint.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The crash itself would end the tests: whether it comes is all that is looked at here. */
const kills = (): unknown[][] => vi.spyOn(process, 'kill').mockReturnValue(true).mock.calls;

it('comes at the n-th passing of its place only, and once', () => {
  const calls = kills();
  const points = CrashPoints.fromEnvironment('after:submitUpdate:2');
  points.pass('after', 'submitUpdate');
  points.pass('before', 'submitUpdate');
  points.pass('after', 'uploadUpdate');
  expect(calls).toEqual([]);
  points.pass('after', 'submitUpdate');
  points.pass('after', 'submitUpdate');
  expect(calls).toEqual([[process.pid, 'SIGKILL']]);
});

it('may be before and after every step, the first time where no number is given', () => {
  const calls = kills();
  const steps = Object.values(agentSteps).flat();
  for (const step of steps)
    for (const when of ['before', 'after'] as const)
      CrashPoints.fromEnvironment(`${when}:${step}`).pass(when, step);
  expect(calls).toHaveLength(steps.length * 2);
});

it('never comes where none is set, and a misspelt one is refused', () => {
  const calls = kills();
  for (const step of Object.values(agentSteps).flat())
    CrashPoints.fromEnvironment(undefined).pass('after', step);
  expect(calls).toEqual([]);
  for (const wrong of [
    '',
    'submitUpdate',
    'during:submitUpdate',
    'after:submitUpdates',
    'after:tick:0',
    'after:tick:x',
  ])
    expect(() => CrashPoints.fromEnvironment(wrong), wrong).toThrow();
});
