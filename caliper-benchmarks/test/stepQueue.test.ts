import { transactionOf } from '../workloads/calls.js';
import type { Member } from '../workloads/preparedMarket.js';
import { StepQueue, submitBy, type Step } from '../workloads/story/stepQueue.js';
import { expect, it } from 'vitest';

const member = { identity: 'host-0-0', mspId: 'Org1MSP' } as Member;
const named = (step: Step | undefined): string =>
  step === undefined ? 'none' : `${step.story} ${transactionOf(step.call)}`;

const tick = (queue: StepQueue, story: number): void =>
  void submitBy(queue.enqueueFor(story))(member, 'Tick', {});

it('hands out the steps of the oldest story first, and of one story in their order', () => {
  const queue = new StepQueue();
  tick(queue, 2);
  tick(queue, 0);
  void submitBy(queue.enqueueFor(0))(member, 'WithdrawDataset', { datasetId: 'ds_a' });
  tick(queue, 1);
  const order = Array.from({ length: 4 }, () => named(queue.next()));
  expect(order).toEqual(['0 Tick', '0 WithdrawDataset', '1 Tick', '2 Tick']);
  expect(queue.next()).toBeUndefined();
});

it('puts a step that failed back to its story, and not behind younger ones', () => {
  const queue = new StepQueue();
  tick(queue, 0);
  tick(queue, 1);
  const failed = queue.next();
  if (failed === undefined) throw new Error('no step');
  queue.add(failed);
  expect(queue.next()).toBe(failed);
});

it('keeps the steps aside that it is told to hold', () => {
  const queue = new StepQueue('WithdrawDataset');
  void submitBy(queue.enqueueFor(0))(member, 'WithdrawDataset', { datasetId: 'ds_a' });
  expect(queue.next()).toBeUndefined();
  expect(queue.heldCount).toBe(1);
  expect(named(queue.nextHeld())).toBe('0 WithdrawDataset');
});
