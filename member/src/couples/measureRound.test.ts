import { defineProgram, type Template, type TrainingProgram } from '@veritrain/training';
import { expect, it } from 'vitest';
import { measureRound } from './measureRound.js';

/** Of ten columns in six subsets, half of whose rows have a target of 1. */
const template: Template = {
  ...{ schemaVersion: 1, target: 'ill', rows: 600, features: 10 },
  columns: Array.from({ length: 10 }, (_, j) => `x${j}`),
  subsetRows: Array.from({ length: 6 }, () => 100),
  statistics: {
    means: Array.from({ length: 10 }, (_, j) => j),
    scales: Array.from({ length: 10 }, () => 2),
    ...{ targetMean: 0.5, targetScale: 0.5 },
  },
};

const programs: readonly (readonly [string, TrainingProgram])[] = [
  ['linear', defineProgram()],
  ['logistic', defineProgram({ family: 'logistic' })],
  ['ridge', defineProgram({ family: 'ridge' })],
  ['linear, in clear', defineProgram({ protection: 'plain' })],
];

it.each(programs)('measures what each member computes: %s', async (_, program) => {
  const measured = await measureRound({ program, template, drawn: 3 }, {});
  expect(Object.keys(measured ?? {}).sort()).toEqual(['apply', 'prepare', 'query', 'reply']);
  for (const ms of Object.values(measured ?? {})) expect(ms).toBeGreaterThan(0);
});

it('says nothing of a private dataset and of encrypted data', async () => {
  const privacy = { epsilon: 3, delta: 1e-5, clip: 2, targetClip: 3, domain: 'observed' } as const;
  const ofPrivate = { program: defineProgram(), template: { ...template, privacy }, drawn: 3 };
  expect(await measureRound(ofPrivate, {})).toBeNull();
  const ofEncrypted = { program: defineProgram({ data: 'encrypted' }), template, drawn: 3 };
  expect(await measureRound(ofEncrypted, {})).toBeNull();
});

it('says nothing where the rows that it makes up cannot be trained on', async () => {
  const program = defineProgram({ family: 'logistic', classes: [3, 4] });
  expect(await measureRound({ program, template, drawn: 3 }, {})).toBeNull();
});

it('is cancelled by its caller', async () => {
  const reason = new Error('the caller left');
  const cancelled = measureRound(
    { program: defineProgram(), template, drawn: 3 },
    { signal: AbortSignal.abort(reason) },
  );
  await expect(cancelled).rejects.toBe(reason);
});
