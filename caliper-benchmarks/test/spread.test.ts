import { expect, it } from 'vitest';
import type { Member } from '../workloads/preparedMarket.js';
import { spreadStories, targetsOf } from '../workloads/story/spread.js';
import { StepQueue, submitBy } from '../workloads/story/stepQueue.js';
import { stepsOf } from '../workloads/story/steps.js';

const clock = new TextEncoder().encode(JSON.stringify({ sequence: 1, time: 1 }));
const member = { identity: 'data-owner-0', mspId: 'Org1MSP' } as Member;

it('spreads stories over all their length, the oldest farthest', () => {
  expect(targetsOf({ stories: 4, steps: 8 })).toEqual([7, 5, 3, 1]);
  expect(targetsOf({ stories: 0, steps: 8 })).toEqual([]);
});

it('sends of each story what brings it to its point, again what fails, and nothing else', async () => {
  const queue = new StepQueue();
  const sent = [0, 0, 0, 0];
  const play = async (story: number): Promise<void> => {
    const submit = submitBy(queue.enqueueFor(story));
    for (let step = 0; step < 8; step += 1) await submit(member, 'Tick', {});
  };
  for (let story = 0; story < 4; story += 1) void play(story);
  let calls = 0;
  await spreadStories({
    queue,
    stories: 4,
    steps: 8,
    check: () => undefined,
    send: async (step) => {
      calls += 1;
      await new Promise((resolve) => setImmediate(resolve));
      if (step.failures === 0 && calls % 3 === 0) {
        step.failures += 1;
        queue.add(step);
        return false;
      }
      sent[step.story] = (sent[step.story] ?? 0) + 1;
      step.resolve(clock);
      return true;
    },
  });
  expect(sent).toEqual([7, 5, 3, 1]);
  const ready = Array.from({ length: 5 }, () => queue.next()?.story);
  expect(ready).toEqual([0, 1, 2, 3, undefined]);
});

it('ends when a story broke off', async () => {
  const queue = new StepQueue();
  const check = (): void => {
    throw new Error('Tick failed 10 times');
  };
  const spread = spreadStories({ queue, stories: 1, steps: 8, check, send: () => Promise.resolve(false) });
  await expect(spread).rejects.toThrow('Tick failed');
});

it('counts the steps of a couple', () => {
  // The number that test/story.test.ts counts on a ledger.
  expect(stepsOf({ subsets: 2, replicas: 3, rounds: 2 })).toBe(25);
  // 40 of 80 subsets are drawn; a VerifyInstances and a CloseRound take one subset each.
  expect(stepsOf({ subsets: 80, replicas: 15, rounds: 1 })).toBe(1 + 1200 + 80 + 3 + 2 + 600 + 40 + 2);
});
