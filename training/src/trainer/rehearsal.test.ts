import { describe, expect, it } from 'vitest';
import { splitTable } from '../data/split.js';
import type { Template } from '../data/template.js';
import type { TrainingErrorCode } from '../errors.js';
import { familyNames } from '../models/registry.js';
import { defineProgram, type ProgramChoices, type TrainingProgram } from '../program.js';
import { familyChoices, familyTables } from '../testing/familyTables.js';
import { rehearse, type RehearsalStep } from './rehearsal.js';

type Family = (typeof familyNames)[number];

const programOf = (family: Family, more: object = {}): TrainingProgram =>
  defineProgram({ family, ...familyChoices[family], ...more } as ProgramChoices<Family>);

const templateOf = (family: Family, aggregation?: Template['aggregation']): Template =>
  splitTable(familyTables[family](), {
    ...{ subsets: 7, seed: Buffer.from('fixture') },
    ...(aggregation && { aggregation }),
  }).template;

/** The steps that were taken, and whether all went well. */
async function stepsOf(
  program: TrainingProgram,
  template: Template,
  drawn = 4,
): Promise<readonly [boolean, RehearsalStep[]]> {
  const steps: RehearsalStep[] = [];
  const went = await rehearse({ program, template, drawn }, (step, take) => {
    steps.push(step);
    return take();
  });
  return [went, steps];
}

const round = ['query', 'reply', 'apply'];

describe.each(familyNames)('a rehearsal of %s', (family) => {
  it.each(['encrypted', 'plain'] as const)('goes as a training does, %s', async (protection) => {
    const [went, steps] = await stepsOf(programOf(family, { protection }), templateOf(family));
    expect([went, steps]).toEqual([true, ['prepare', ...round, ...round]]);
  });

  it('has the hosts of a batch where replies are added up', async () => {
    const [went, steps] = await stepsOf(programOf(family), templateOf(family, 'sum'));
    expect(went).toBe(true);
    expect(steps.filter((step) => step === 'prepare')).toHaveLength(3);
    expect(steps.filter((step) => step === 'reply')).toHaveLength(6);
  });
});

it('makes up rows of a rare class, and features of a map', async () => {
  const template = templateOf('logistic');
  const statistics = { ...template.statistics, targetMean: 0.02, targetScale: Math.sqrt(0.02 * 0.98) };
  expect((await stepsOf(programOf('logistic'), { ...template, statistics }))[0]).toBe(true);
  const featureMap = { kind: 'random-layer', units: 20, seed: 'a' } as const;
  expect((await stepsOf(programOf('ridge', { featureMap }), templateOf('ridge')))[0]).toBe(true);
});

it('takes no step for rows that it cannot make up', async () => {
  const template = templateOf('linear');
  expect(await stepsOf(defineProgram({ data: 'encrypted' }), template)).toEqual([false, []]);
  const privacy = { epsilon: 3, delta: 1e-5, clip: 2, targetClip: 3, domain: 'observed' } as const;
  expect(await stepsOf(programOf('linear'), { ...template, privacy })).toEqual([false, []]);
});

it('is stopped by its signal', async () => {
  const stopped = rehearse(
    {
      program: programOf('linear'),
      template: templateOf('linear'),
      ...{ drawn: 1, signal: AbortSignal.abort() },
    },
    (_step, take) => take(),
  );
  await expect(stopped).rejects.toMatchObject({ code: 'VT7511' satisfies TrainingErrorCode });
});
