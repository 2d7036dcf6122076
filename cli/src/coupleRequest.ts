import type { Command } from 'commander';
import { z } from 'zod';
import { describeCouple, describePlan } from './termsText.js';
import { count, coupleId, datasetId, durationMs, modelId } from './values.js';
import { verb } from './verb.js';

/** `veritrain couple request` */
export function request(): Command {
  return verb({
    name: 'request',
    summary: 'ask to train a model on a dataset; shows the plan first',
    options: [
      ['--dataset <dataset>', 'the dataset'],
      ['--model <model>', 'a model of this profile'],
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
      'veritrain couple request --dataset ds_patients --model md_ridge1 --dry-run',
      'veritrain couple request --dataset ds_patients --model md_ridge1 --rounds 30 --yes',
    ],
    input: z.strictObject({
      dataset: datasetId,
      model: modelId,
      rounds: count(1, 10_000).default(20),
      spare: count(0, 10_000).optional(),
      subsetsPerRound: count(1, 40).optional(),
      idle: durationMs.optional(),
      id: coupleId.optional(),
      dryRun: z.boolean().default(false),
    }),
    run: async (given, session) => {
      const { planCouple, requestCouple } = await import('@veritrain/member/couples');
      const member = await session.member();
      const planned = await planCouple(
        member,
        {
          datasetId: given.dataset,
          modelId: given.model,
          rounds: given.rounds,
          spareAttempts: given.spare,
          subsetsPerRound: given.subsetsPerRound,
          idleMs: given.idle,
          coupleId: given.id,
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
      const { couple, writes } = await requestCouple(member, planned, session.context);
      return {
        data: { plan, couple },
        text: describeCouple(session.named(couple)),
        writes,
        next: `veritrain couple watch ${couple.coupleId}   (its owner: veritrain couple approve ${couple.coupleId})`,
      };
    },
  });
}
