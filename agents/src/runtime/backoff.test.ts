import { expect, it } from 'vitest';
import { Backoff } from './backoff.js';

it('doubles its pauses up to the longest, for each thing by itself', () => {
  const patience = new Backoff(100, 500);
  expect(Array.from({ length: 5 }, () => patience.next('tc_1/a'))).toEqual([100, 200, 400, 500, 500]);
  expect(patience.next('tc_2/a')).toBe(100);
});

it('stays at the longest however often it is asked', () => {
  const patience = new Backoff(1, 60_000);
  const pauses = Array.from({ length: 2_000 }, () => patience.next('a'));
  expect(pauses.at(-1)).toBe(60_000);
});

it('begins anew where it was told to forget', () => {
  const patience = new Backoff(100, 500);
  for (const key of ['tc_1/1', 'tc_1/2', 'tc_2/1']) patience.next(key);
  patience.forget('tc_1');
  expect(['tc_1/1', 'tc_1/2', 'tc_2/1'].map((key) => patience.next(key))).toEqual([100, 100, 200]);
});
