import { shortDigest } from '@veritrain/member/text';
import type { Command } from 'commander';
import { z } from 'zod';
import { invite } from './datasetInvite.js';
import { publish, split } from './datasetSplit.js';
import { template } from './datasetTemplate.js';
import { listAnswer, take } from './list.js';
import { privacyFacts } from './privacyOptions.js';
import { orSuggest } from './suggest.js';
import { describeDataset } from './termsText.js';
import { wrap } from './text.js';
import { datasetId, pageOptions, pageValues, participantOrName } from './values.js';
import { noun, verb } from './verb.js';
import { waitTexts } from './waitingText.js';

/** `veritrain dataset …` */
export function datasetCommand(): Command {
  return noun('dataset', 'tables on offer: template, split, publish, invite, list, show, withdraw', [
    split(),
    publish(),
    invite(),
    template(),
    show(),
    list(),
    withdraw(),
  ]);
}

function show(): Command {
  return verb({
    name: 'show',
    summary: 'a dataset: its terms, its ready subsets, and the members that it waits for',
    arguments: [['<dataset>', 'the dataset']],
    examples: ['veritrain dataset show ds_patients', 'veritrain dataset show ds_patients --format json'],
    input: z.strictObject({ dataset: datasetId }),
    run: async ({ dataset }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { everyPage } = await import('@veritrain/client-sdk');
      const member = await session.member();
      const of = await orSuggest(
        session,
        dataset,
        () => ask(member, 'GetDataset', { datasetId: dataset }, session.context),
        ({ datasets }) => datasets.list,
        (known) => known.datasetId,
      );
      const waits = everyPage(
        member.market.instances.waitingForJoins,
        { datasetId: dataset },
        session.context,
      );
      const { items: waiting } = await take(waits, 20);
      const { items: trained } = await take(
        everyPage(member.market.datasets.listTrainedModels, { datasetId: dataset }, session.context),
        1000,
      );
      const privacy = await privacyFacts(member, dataset, session);
      const text = [
        describeDataset(session.named(of), [
          ...privacy.rows,
          [
            'Ready',
            of.ready ? 'yes: requests are open' : `${of.readySubsets.length} of ${of.subsets} subsets`,
          ],
          ['Rounds reserved', `${of.reservedRounds} of ${of.lifetimeRounds}`],
          ['Models trained on it', trained.length],
        ]),
        ...waitTexts(session.named(waiting)).flatMap((wait) => wrap(wait.text)),
      ];
      return { data: { ...of, ...privacy.data, waiting, trainedModels: trained }, text: text.join('\n') };
    },
  });
}

function list(): Command {
  return verb({
    name: 'list',
    summary: 'the datasets on offer',
    options: [
      ['--owner <participant>', 'only those of this owner, by id or name'],
      ['--state <state>', 'offered or withdrawn'],
      ...pageOptions,
    ],
    examples: ['veritrain dataset list', 'veritrain dataset list --state offered --format jsonl'],
    input: z.strictObject({
      owner: participantOrName.optional(),
      state: z.enum(['offered', 'withdrawn']).optional(),
      ...pageValues,
    }),
    run: async ({ owner, state, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { market } = await session.member();
      const filter = {
        ...(owner === undefined ? {} : { ownerId: await session.idOf(owner) }),
        ...(state === undefined ? {} : { state }),
      };
      return listAnswer({
        ...(await take(everyPage(market.datasets.list, filter, session.context), limit)),
        head: ['dataset', 'owner', 'state', 'size', 'protection', 'template'],
        named: (of) => session.named(of),
        row: (of) => [
          of.datasetId,
          of.ownerId,
          of.state,
          `${of.subsets} × ${of.replicas}`,
          of.requestRules.protections.join(', '),
          shortDigest(of.templateDigest),
        ],
        whenEmpty:
          'None yet. A data owner begins with: veritrain dataset split <csv> --target <column> --subsets <m>',
      });
    },
  });
}

function withdraw(): Command {
  return verb({
    name: 'withdraw',
    summary: 'take a dataset off the market; approved couples run on',
    arguments: [['<dataset>', 'a dataset of this profile']],
    asks: true,
    examples: ['veritrain dataset withdraw ds_patients', 'veritrain dataset withdraw ds_patients --yes'],
    input: z.strictObject({ dataset: datasetId }),
    run: async ({ dataset }, session) => {
      const { submit } = await import('@veritrain/member/calls');
      const member = await session.member();
      await session.confirm(
        ['No new hosts, requests or approvals; approved couples run on. This cannot be undone.'],
        `Withdraw ${dataset}?`,
      );
      const { result, write } = await submit(
        member,
        'WithdrawDataset',
        { datasetId: dataset },
        session.context,
      );
      return { data: result, text: describeDataset(session.named(result)), writes: [write] };
    },
  });
}
