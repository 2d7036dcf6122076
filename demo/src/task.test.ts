import { isVeritrainError } from '@veritrain/client-sdk';
import { parseTable } from '@veritrain/training';
import { expect, it } from 'vitest';
import { programFor } from './task.js';

const wrongArgument = expect.toSatisfy((error) => isVeritrainError(error, 'VT9001')) as Error;

const tableOf = (targets: readonly (number | string)[]) =>
  parseTable(
    [
      'x,y',
      ...Array.from({ length: 60 }, (_, row) => `${row % 7},${targets[row % targets.length]}`),
      '',
    ].join('\n'),
    { target: 'y' },
  );

it('takes a target of two values for two classes, and every other of numbers for numbers', () => {
  expect(programFor(tableOf([2, 1, 1, 2]), 'auto')).toMatchObject({
    family: 'logistic',
    head: { classes: [1, 2] },
  });
  expect(programFor(tableOf([0, 1, 2, 1]), 'auto').family).toBe('linear');
});

it('learns what it is told to, where the target allows it', () => {
  expect(programFor(tableOf([0, 1, 1, 0]), 'regression').family).toBe('linear');
  expect(programFor(tableOf([0, 1, 1, 0]), 'classification').family).toBe('logistic');
  expect(programFor(tableOf([3, 1, 2]), 'classification')).toMatchObject({
    family: 'multiLogistic',
    head: { classes: [1, 2, 3] },
  });
  const wide = { ...tableOf([3, 1, 2]), features: 33 };
  expect(programFor(wide, 'classification').family).toBe('ridgeClassifier');
  const many = tableOf(Array.from({ length: 17 }, (_, value) => value));
  expect(() => programFor(many, 'classification')).toThrow(wrongArgument);
});

it('takes a family of many features for a wide table', () => {
  const wide = (target: (row: number) => number) =>
    parseTable(
      [
        [...Array.from({ length: 33 }, (_, j) => `x${j}`), 'y'],
        ...Array.from({ length: 60 }, (_, row) => [
          ...Array.from({ length: 33 }, (_, j) => (row * (j + 3)) % 61),
          target(row),
        ]),
      ]
        .map((cells) => cells.join())
        .join('\n'),
      { target: 'y' },
    );
  expect(
    programFor(
      wide((row) => row),
      'auto',
    ).family,
  ).toBe('ridge');
  expect(
    programFor(
      wide((row) => row % 2),
      'auto',
    ),
  ).toMatchObject({
    family: 'ridgeClassifier',
    head: { classes: [0, 1] },
  });
});

it('takes a target of texts for classes, and never for numbers where they are more than two', () => {
  const words = tableOf(['rose', 'iris', 'tulip']);
  expect(programFor(words, 'auto')).toMatchObject({
    family: 'multiLogistic',
    head: { classes: [0, 1, 2] },
  });
  expect(programFor(tableOf(['rose', 'iris']), 'auto').family).toBe('logistic');
  expect(() => programFor(words, 'regression')).toThrow(wrongArgument);
});
