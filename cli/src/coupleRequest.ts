import type { Write } from '@veritrain/member/calls';
import type { Member } from '@veritrain/member/profile';
import type { TrainingProgram } from '@veritrain/training';
import type { Command } from 'commander';
import { z } from 'zod';
import { familyNames } from './modelFamilies.js';
import type { Session } from './session.js';
import { describeCouple, describePlan } from './termsText.js';
import { count, coupleId, datasetId, durationMs, modelId } from './values.js';
import { verb } from './verb.js';
import { tasks, wishOptions } from './wishOptions.js';

/** `veritrain couple request` */
export function request(): Command {
  return verb({
    name: 'request',
    summary: 'ask to train a model on a dataset; shows the plan first',
    options: [
      ['--dataset <dataset>', 'the dataset'],
      ['--model <model>', 'a model of this profile, in place of the next three'],
      ...wishOptions,
      ['--rounds <n>', 'rounds of training (default 20)'],
      ['--spare <n>', 'attempts beyond the rounds, for missing draws (default: a quarter)'],
      ['--subsets-per-round <k>', 'default: half of the subsets'],
      [
        '--idle <time>',
        "how long it may rest before anyone may cancel it (default: an answer's time, within the dataset's rules)",
      ],
      ['--id <id>', 'the training (default: a random one)'],
      ['--dry-run', 'show the plan, and send nothing'],
    ],
    asks: true,
    examples: [
      'veritrain couple request --dataset ds_patients --task classification --dry-run',
      'veritrain couple request --dataset ds_patients --model md_ridge1 --dry-run',
      'veritrain couple request --dataset ds_patients --model md_ridge1 --rounds 30 --yes',
    ],
    input: z
      .strictObject({
        dataset: datasetId,
        model: modelId.optional(),
        task: z.enum(tasks).optional(),
        family: z.enum(familyNames).optional(),
        features: z.string().optional(),
        rounds: count(1, 10_000).default(20),
        spare: count(0, 10_000).optional(),
        subsetsPerRound: count(1, 40).optional(),
        idle: durationMs.optional(),
        id: coupleId.optional(),
        dryRun: z.boolean().default(false),
      })
      .superRefine((given, context) => {
        for (const name of ['task', 'family', 'features'] as const)
          if (given.model !== undefined && given[name] !== undefined)
            context.addIssue({
              code: 'custom',
              path: [name],
              message: 'is what --model says already; leave one out',
            });
      }),
    run: async (given, session) => {
      const { planCouple, requestCouple } = await import('@veritrain/member/couples');
      const member = await session.member();
      const model = await modelFor(given, member, session);
      const planned = await planCouple(
        member,
        {
          datasetId: given.dataset,
          ...model,
          rounds: given.rounds,
          spareAttempts: given.spare,
          subsetsPerRound: given.subsetsPerRound,
          idleMs: given.idle,
          coupleId: given.id,
          measure: given.dryRun,
        },
        session.context,
      );
      const { plan } = planned;
      if (given.dryRun)
        return { data: { dryRun: true, plan }, text: describePlan(plan), next: 'the same without --dry-run' };
      await session.confirm(
        describePlan(plan).split('\n'),
        `Ask ${plan.datasetId}'s owner for this training?`,
      );
      const registering = await register(member, model, session);
      const { couple, writes } = await requestCouple(member, planned, session.context);
      return {
        data: { plan, couple },
        text: describeCouple(session.named(couple)),
        writes: [...registering, ...writes],
        next: `veritrain couple watch ${couple.coupleId}   (its owner: veritrain couple approve ${couple.coupleId})`,
      };
    },
  });
}

interface ModelToTrain {
  readonly modelId: string;
  /** Set where the model still has to be registered. */
  readonly program?: TrainingProgram;
}

interface Wish {
  readonly dataset: string;
  readonly model?: string | undefined;
  readonly task?: (typeof tasks)[number] | undefined;
  readonly family?: (typeof familyNames)[number] | undefined;
  readonly features?: string | undefined;
}

/** The model that is named, or the one that fits the dataset. @throws TrainingError VT7302, VT7303 */
async function modelFor(
  { dataset, model, task, family, features }: Wish,
  member: Member,
  session: Session,
): Promise<ModelToTrain> {
  if (model !== undefined) return { modelId: model };
  const { chooseProgram, parseFeatureMap } = await import('@veritrain/training');
  const { modelIdOf, templateOf } = await import('@veritrain/member/models');
  const featureMap = features === undefined ? undefined : parseFeatureMap(features);
  const template = await templateOf(member, dataset, session.context);
  const program = chooseProgram({ task, family, featureMap }, template);
  return { modelId: modelIdOf(member, program), program };
}

async function register(
  member: Member,
  { modelId, program }: ModelToTrain,
  session: Session,
): Promise<readonly Write[]> {
  if (program === undefined) return [];
  const { registerModel } = await import('@veritrain/member/models');
  return (await registerModel(member, { program, modelId }, session.context)).writes;
}
