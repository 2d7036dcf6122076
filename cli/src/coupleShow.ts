import type { HistoryStep } from '@veritrain/client-sdk';
import type { DrawCheck, DrawFault } from '@veritrain/client-sdk/protocol';
import { shortDigest } from '@veritrain/member/text';
import type { Command } from 'commander';
import { z } from 'zod';
import { listAnswer, take } from './list.js';
import { ownCells } from './ownCells.js';
import { privacyFacts } from './privacyOptions.js';
import { roundTable } from './roundFigures.js';
import { orSuggest } from './suggest.js';
import { describeCouple } from './termsText.js';
import { shortDigests, table, wrap } from './text.js';
import { coupleId, datasetId, modelId, pageOptions, pageValues, participantOrName } from './values.js';
import { verb } from './verb.js';
import { waitTexts } from './waitingText.js';

const states = ['requested', 'approved', 'rejected', 'cancelled', 'finished'] as const;

/** `veritrain couple show` */
export function show(): Command {
  return verb({
    name: 'show',
    summary: 'a training: its terms, its state, and the members that it waits for, until when',
    details: [
      'Every draw is repeated on this machine, from the links that both sides opened.',
      'The model owner also sees its figures round by round (estimates, by all subsets used so far), and where its optimiser met the bound of weights, or took a step back; the data owner how few rows share the values of one column, and of two.',
    ],
    arguments: [['<couple>', 'the training']],
    options: [['--history', 'every step of it, in order']],
    examples: ['veritrain couple show tc_spring', 'veritrain couple show tc_spring --history --format json'],
    input: z.strictObject({ couple: coupleId, history: z.boolean().default(false) }),
    run: async ({ couple, history }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { everyPage } = await import('@veritrain/client-sdk');
      const { countSteps, notedRounds } = await import('@veritrain/member/home');
      const member = await session.member();
      const { couple: of, waiting } = await orSuggest(
        session,
        couple,
        () => ask(member, 'GetCoupleView', { coupleId: couple }, session.context),
        ({ couples }) => couples.list,
        (known) => known.coupleId,
      );
      const draws = await member.market.couples.checkDraws({ coupleId: couple }, session.context);
      const lines = [...drawTexts(draws), ...waitTexts(session.named(waiting)).map((wait) => wait.text)];
      const roundFigures = notedRounds(member.home.couple(couple), of.attempts);
      const steps = roundFigures.length === 0 ? undefined : countSteps(roundFigures);
      const figures = roundTable(roundFigures);
      const cells = await ownCells(member, of.datasetId);
      const privacy = await privacyFacts(member, of.datasetId, session);
      const text = [
        describeCouple(session.named(of), { steps, more: [...privacy.rows, ...cells.rows] }),
        ...lines.flatMap((line) => wrap(line)),
        ...(figures === undefined ? [] : ['', figures]),
      ];
      const data = {
        ...of,
        waiting,
        draws,
        ...privacy.data,
        ...cells.data,
        ...(steps === undefined ? {} : { steps, roundFigures }),
      };
      if (!history) return { data, text: text.join('\n') };
      const pages = everyPage(member.market.history.ofCouple, { coupleId: couple }, session.context);
      const { items } = await take(pages, 100_000);
      return {
        data: { ...data, history: items },
        items,
        text: [...text, '', historyTable(session.named(items))].join('\n'),
      };
    },
  });
}

const historyTable = (steps: readonly HistoryStep[]): string =>
  table(
    ['attempt', 'transaction', 'outcome', 'id'],
    steps.map((step) => [
      step.attempt ?? '-',
      step.transaction,
      shortDigests(outcomes[step.transaction]?.(step) ?? ''),
      shortDigest(step.at.transactionId),
    ]),
    'Nothing happened yet.',
  );

/** The outcome of a step in words, by its transaction. */
const outcomes: Readonly<Record<string, (step: HistoryStep) => string>> = {
  RequestTraining: ({ rounds }) => `asked for ${rounds ?? 0} rounds`,
  ApproveTraining: () => 'approved',
  RejectTraining: ({ rejectReason }) => `rejected: ${rejectReason ?? ''}`,
  OpenRound: ({ digest }) => `sent out ${digest ?? ''}`,
  StartRound: ({ drawn }) => `drew subsets ${drawn.join(', ')}`,
  ExpireRound: () => 'not started in time',
  SubmitUpdate: ({ instanceId }) => `${instanceId ?? ''} committed`,
  ReportUnavailable: ({ instanceId }) => `${instanceId ?? ''} could not get the model`,
  CloseRound: ({ subsetIndex, outcome }) => `subset ${subsetIndex ?? ''} ${outcome ?? 'contested'}`,
  TallyRound: ({ subsetIndex, outcome }) => `subset ${subsetIndex ?? ''} ${outcome ?? ''}`,
  RevealUpdate: ({ instanceId, digest }) => `${instanceId ?? ''} revealed ${digest ?? ''}`,
  FinishTraining: ({ digest }) => `finished with ${digest ?? 'no model'}`,
  CancelTraining: () => 'cancelled after a deadline',
  ReleaseRounds: ({ rounds }) => `gave back ${rounds ?? 0} rounds`,
};

const faults: Readonly<Record<DrawFault, string>> = {
  missing: 'it has no record',
  modelOwnerLink: 'the model owner’s link does not lead to its anchor',
  dataOwnerLink: 'the data owner’s link does not lead to its anchor',
  seed: 'the seed does not follow from both links and the model',
  subsets: 'other subsets were drawn than the seed gives',
};

/** The outcome of repeating the draws of a training: a line for each wrong one, or one line for all. */
export function drawTexts(draws: readonly DrawCheck[]): string[] {
  const wrong = draws.flatMap(({ attempt, fault }) =>
    fault === null ? [] : [`The draw of attempt ${attempt} is wrong: ${faults[fault]}.`],
  );
  const drawn = draws.filter(({ started }) => started).length;
  if (wrong.length > 0 || drawn === 0) return wrong;
  return [`Drawn again from both sides’ links: ${drawn} of ${drawn} draws are right.`];
}

/** `veritrain couple list` */
export function list(): Command {
  return verb({
    name: 'list',
    summary: 'trainings and their states',
    options: [
      ['--party <participant>', 'only those of this data owner or model owner, by id or name'],
      ['--dataset <dataset>', 'only those on this dataset'],
      ['--model <model>', 'only those of this model'],
      ['--state <state>', `one of ${states.join(', ')}`],
      ...pageOptions,
    ],
    examples: ['veritrain couple list --state requested', 'veritrain couple list --party lab --format jsonl'],
    input: z.strictObject({
      party: participantOrName.optional(),
      dataset: datasetId.optional(),
      model: modelId.optional(),
      state: z.enum(states).optional(),
      ...pageValues,
    }),
    run: async ({ party, dataset, model, state, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { market } = await session.member();
      const filter = {
        ...(party === undefined ? {} : { participantId: await session.idOf(party) }),
        ...(dataset === undefined ? {} : { datasetId: dataset }),
        ...(model === undefined ? {} : { modelId: model }),
        ...(state === undefined ? {} : { state }),
      };
      return listAnswer({
        ...(await take(everyPage(market.couples.list, filter, session.context), limit)),
        head: ['training', 'model', 'dataset', 'state', 'rounds', 'final model'],
        row: (of) => [
          of.coupleId,
          of.modelId,
          of.datasetId,
          of.state,
          `${of.startedRounds} of ${of.terms.rounds}`,
          of.finalModelDigest === null ? '-' : shortDigest(of.finalModelDigest),
        ],
        whenEmpty:
          'None yet. A model owner begins with: veritrain couple request --model <model> --dataset <dataset>',
      });
    },
  });
}
