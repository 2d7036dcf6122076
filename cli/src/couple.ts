import type { Command } from 'commander';
import { z } from 'zod';
import { request } from './coupleRequest.js';
import { ownCells } from './ownCells.js';
import { list, show } from './coupleShow.js';
import { watch } from './coupleWatch.js';
import { describeCouple } from './termsText.js';
import { coupleId } from './values.js';
import { noun, verb } from './verb.js';

/** `veritrain couple …` */
export function coupleCommand(): Command {
  return noun('couple', 'trainings: request, approve, reject, list, show, watch, cancel', [
    request(),
    approve(),
    reject(),
    show(),
    list(),
    watch(),
    cancel(),
  ]);
}

function approve(): Command {
  return verb({
    name: 'approve',
    summary: 'agree to a training on a dataset of this profile; reserves its rounds',
    details: [
      "The agent of this profile opens each round's draw; keep it running until the training ends.",
      'A program that shows third moments (logistic, degree 2) is refused where fewer rows than the split’s --least-cell share the values of two columns: the model owner could read them. A program that learns more sums over a subset’s rows than the split’s --values-per-moment accepts is refused, too.',
    ],
    arguments: [['<couple>', 'the training that was asked for']],
    options: [
      ['--accept-rare-rows', 'approve although the model owner can read such rows, or work them out'],
    ],
    asks: true,
    examples: [
      'veritrain couple approve tc_spring',
      'veritrain couple approve tc_spring --yes --format json',
    ],
    input: z.strictObject({ couple: coupleId, acceptRareRows: z.boolean().default(false) }),
    run: async ({ couple, acceptRareRows }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { approveCouple } = await import('@veritrain/member/couples');
      const member = await session.member();
      const asked = await ask(member, 'GetCouple', { coupleId: couple }, session.context);
      const { rows: more } = await ownCells(member, asked.datasetId);
      await session.confirm(describeCouple(session.named(asked), { more }).split('\n'), `Approve ${couple}?`);
      const answered = await approveCouple(member, { coupleId: couple, acceptRareRows }, session.context);
      return {
        data: answered.couple,
        text: describeCouple(session.named(answered.couple)),
        writes: answered.writes,
        next: `veritrain couple watch ${couple}`,
      };
    },
  });
}

function reject(): Command {
  return verb({
    name: 'reject',
    summary: 'refuse a training that was asked for, with a reason',
    arguments: [['<couple>', 'the training that was asked for']],
    options: [['--reason <reason>', 'terms, purpose, capacity, reputation or other (default other)']],
    examples: ['veritrain couple reject tc_spring --reason capacity'],
    input: z.strictObject({
      couple: coupleId,
      reason: z.enum(['terms', 'purpose', 'capacity', 'reputation', 'other']).default('other'),
    }),
    run: async ({ couple, reason }, session) => {
      const { rejectCouple } = await import('@veritrain/member/couples');
      const answered = await rejectCouple(
        await session.member(),
        { coupleId: couple, reason },
        session.context,
      );
      return {
        data: answered.couple,
        text: describeCouple(session.named(answered.couple)),
        writes: answered.writes,
      };
    },
  });
}

function cancel(): Command {
  return verb({
    name: 'cancel',
    summary: 'end a training that was not answered in time, or that rests too long; anyone may',
    arguments: [['<couple>', 'the training']],
    asks: true,
    examples: ['veritrain couple cancel tc_spring', 'veritrain couple cancel tc_spring --yes'],
    input: z.strictObject({ couple: coupleId }),
    run: async ({ couple }, session) => {
      const { cancelCouple } = await import('@veritrain/member/couples');
      const member = await session.member();
      await session.confirm(['A training that is cancelled does not come back.'], `Cancel ${couple}?`);
      const answered = await cancelCouple(member, { coupleId: couple }, session.context);
      return {
        data: answered.couple,
        text: describeCouple(session.named(answered.couple)),
        writes: answered.writes,
      };
    },
  });
}
