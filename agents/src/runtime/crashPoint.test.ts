import { afterEach, expect, it, vi } from 'vitest';
import { AgentEvents } from './agentEvent.js';
import { CrashPoints } from './crashPoint.js';
import { agentSteps, type StepName } from './steps.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The crash itself would end the tests: whether it comes is all that is looked at here. */
const kills = (): unknown[][] => vi.spyOn(process, 'kill').mockReturnValue(true).mock.calls;

function pass(points: CrashPoints, when: 'before' | 'after', step: StepName): void {
  const events = new AgentEvents([points.observe]);
  if (when === 'before') events.emit({ kind: 'stepBegun', step, facts: {} });
  else events.emit({ kind: 'stepDone', step, facts: {}, ms: 1 });
}

it('comes at the n-th passing of its place only, and once', () => {
  const calls = kills();
  const points = CrashPoints.fromEnvironment('after:submitUpdate:2');
  pass(points, 'after', 'submitUpdate');
  pass(points, 'before', 'submitUpdate');
  pass(points, 'after', 'uploadUpdate');
  expect(calls).toEqual([]);
  pass(points, 'after', 'submitUpdate');
  pass(points, 'after', 'submitUpdate');
  expect(calls).toEqual([[process.pid, 'SIGKILL']]);
});

it('may be before and after every step, the first time where no number is given', () => {
  const calls = kills();
  const steps = Object.values(agentSteps).flat();
  for (const step of steps)
    for (const when of ['before', 'after'] as const)
      pass(CrashPoints.fromEnvironment(`${when}:${step}`), when, step);
  expect(calls).toHaveLength(steps.length * 2);
});

it('never comes where none is set, and a misspelt one is refused', () => {
  const calls = kills();
  for (const step of Object.values(agentSteps).flat())
    pass(CrashPoints.fromEnvironment(undefined), 'after', step);
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
