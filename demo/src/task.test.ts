import { isVeritrainError } from '@veritrain/client-sdk';
import { parseTable } from '@veritrain/training';
import { expect, it } from 'vitest';
import { programFor } from './task.js';

const tableOf = (targets: readonly number[]) =>
  parseTable(
    [
      'x,y',
      ...Array.from({ length: 60 }, (_, row) => `${row % 7},${targets[row % targets.length]}`),
      '',
    ].join('\n'),
    { target: 'y' },
  );

it('takes a target of two values for two classes, and every other for numbers', () => {
  expect(programFor(tableOf([2, 1, 1, 2]), 'auto')).toMatchObject({
    family: 'logistic',
    head: { classes: [1, 2] },
  });
  expect(programFor(tableOf([0, 1, 2, 1]), 'auto').family).toBe('linear');
});

it('learns what it is told to, where the target allows it', () => {
  expect(programFor(tableOf([0, 1, 1, 0]), 'regression').family).toBe('linear');
  expect(programFor(tableOf([0, 1, 1, 0]), 'classification').family).toBe('logistic');
  for (const targets of [
    [0, 1, 2, 3],
    [1, 2, 3, 1],
  ])
    expect(() => programFor(tableOf(targets), 'classification')).toThrow(
      expect.toSatisfy((error) => isVeritrainError(error, 'VT9001')),
    );
});
