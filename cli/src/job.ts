import type { Command } from 'commander';
import { z } from 'zod';
import { listAnswer, take } from './list.js';
import { noun, verb } from './verb.js';
import { shortDigest } from '@veritrain/member/text';
import { fields } from './text.js';
import { count, coupleId, jobId, pageOptions, pageValues, participantOrName } from './values.js';

/** `veritrain job …` */
export function jobCommand(): Command {
  return noun('job', 'the work of one host in one round: list, show', [list(), show()]);
}

function list(): Command {
  return verb({
    name: 'list',
    summary: 'jobs with their verdicts',
    options: [
      ['--couple <couple>', 'only those of this couple'],
      ['--attempt <n>', 'only those of this attempt (with --couple)'],
      ['--host <participant>', 'only those of this host, by id or name'],
      ...pageOptions,
    ],
    examples: [
      'veritrain job list --couple tc_spring',
      'veritrain job list --couple tc_spring --attempt 3 --format jsonl',
    ],
    input: z.strictObject({
      couple: coupleId.optional(),
      attempt: count(1, 99_999).optional(),
      host: participantOrName.optional(),
      ...pageValues,
    }),
    run: async ({ couple, attempt, host, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { market } = await session.member();
      const filter = {
        ...(couple === undefined ? {} : { coupleId: couple }),
        ...(attempt === undefined ? {} : { attempt }),
        ...(host === undefined ? {} : { participantId: await session.idOf(host) }),
      };
      return listAnswer({
        ...(await take(everyPage(market.jobs.list, filter, session.context), limit)),
        head: ['job', 'host', 'state', 'verdict', 'commitment'],
        named: (of) => session.named(of),
        row: (of) => [
          of.jobId,
          of.participantId,
          of.state,
          of.verdict ?? 'not judged yet',
          of.commitment === null ? '-' : shortDigest(of.commitment),
        ],
        whenEmpty: 'No job yet: hosts work once a round has started.',
      });
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: 'one job: commitment and verdict',
    arguments: [['<job>', 'the job']],
    examples: ['veritrain job show tj_spring_1_0_2'],
    input: z.strictObject({ job: jobId }),
    run: async ({ job }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const of = await ask(await session.member(), 'GetJob', { jobId: job }, session.context);
      const text = fields([
        ['Job', of.jobId],
        ['Couple', `${of.coupleId}, attempt ${of.attempt}`],
        ['Instance', `${of.instanceId}, generation ${of.generation}`],
        ['Host', session.named(of.participantId)],
        ['State', of.state],
        ['Verdict', of.verdict ?? 'not judged yet'],
        ['Commitment', of.commitment === null ? undefined : shortDigest(of.commitment)],
        ['Answered in', `transaction ${shortDigest(of.answeredAt.transactionId)}`],
      ]);
      return { data: of, text };
    },
  });
}
