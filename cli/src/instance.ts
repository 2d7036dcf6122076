import type { Command } from 'commander';
import type { CloudInstance } from '@veritrain/client-sdk';
import { z } from 'zod';
import type { InviteFile } from '@veritrain/member/datasets';
import { deadlineRows } from './termsText.js';
import { orSuggest } from './suggest.js';
import { listAnswer, take } from './list.js';
import { noun, verb } from './verb.js';
import { shortDigest } from '@veritrain/member/text';
import { fields, table } from './text.js';
import { datasetId, instanceId, pageOptions, pageValues, participantOrName } from './values.js';
import { verify } from './instanceVerify.js';

const states = ['open', 'joined', 'verified', 'mismatched', 'leaving', 'left'] as const;

/** `veritrain instance …` */
export function instanceCommand(): Command {
  return noun('instance', 'slots of hosts: join, verify, leave, list, show', [
    join(),
    verify(),
    show(),
    list(),
    leave(),
  ]);
}

const describe = (of: CloudInstance): string =>
  fields([
    ['Instance', of.instanceId],
    ['Dataset', `${of.datasetId}, subset ${of.subsetIndex}, slot ${of.slot}, generation ${of.generation}`],
    ['State', of.state],
    ['Host', of.participantId ?? 'nobody'],
    ['Commitment', of.commitment === null ? undefined : shortDigest(of.commitment)],
  ]);

function join(): Command {
  return verb({
    name: 'join',
    summary: 'take the slots of an invite: fetch the packages, check them, commit to them',
    details: [
      'The packages stay sealed on disk. Slots that this host holds already stay as they are.',
      'It shows the fingerprints of data owner and host: compare them over another channel than the file’s.',
      'An invite may lend a package from an address. The vault’s own host is called; any other host is shown, with the kind of its address, and needs a yes.',
    ],
    arguments: [['<invite>', 'the file that the data owner made for this host, or the folder that it is in']],
    options: [['--from-host <host>', 'take lent packages from this host[:port] without a question']],
    asks: true,
    examples: ['veritrain instance join invites --profile alder'],
    input: z.strictObject({ invite: z.string().min(1), fromHost: z.string().min(1).optional() }),
    run: async ({ invite, fromHost }, session) => {
      const { parseUserJson, readUserFile } = await import('@veritrain/member/home');
      const { inviteFileSchema, inviteIn } = await import('@veritrain/member/datasets');
      const member = await session.member();
      const path = inviteIn(invite, member);
      const file = parseUserJson(readUserFile(path, 'invite'), inviteFileSchema, path, 'invite');
      const { joinInstances } = await import('@veritrain/member/instances');
      const { ask } = await import('@veritrain/member/calls');
      const { datasetId: id } = file;
      const { deadlines } = await ask(member, 'GetDataset', { datasetId: id }, session.context);
      session.output.progress(`What ${id} expects of its hosts:\n${fields(deadlineRows(deadlines))}`);
      const agree = async (host: string, what: string): Promise<void> => {
        if (host !== fromHost) await session.confirm([`The package is lent from ${what}.`], 'Call it?');
      };
      const { instances, writes } = await joinInstances(member, file, session.context, agree);
      return {
        data: { dataOwner: file.dataOwner, host: file.host, instances },
        items: instances,
        text: [
          describeInvite(session.named(file)),
          table(
            ['instance', 'dataset', 'state', 'commitment'],
            instances.map((of) => [of.instanceId, of.datasetId, of.state, shortDigest(of.commitment ?? '-')]),
            'No slot.',
          ),
        ].join('\n'),
        writes,
        next: `veritrain instance verify ${instances[0]?.instanceId ?? '<instance>'}`,
      };
    },
  });
}

const describeInvite = ({ dataOwner, host }: InviteFile): string =>
  fields([
    ['Data owner', dataOwner.participantId],
    ['Its fingerprint', dataOwner.fingerprint],
    ['This host', host.participantId],
    ['Its fingerprint', host.fingerprint],
  ]);

function show(): Command {
  return verb({
    name: 'show',
    summary: 'a slot and its host',
    arguments: [['<instance>', 'the slot']],
    examples: ['veritrain instance show ci_patients_0_2'],
    input: z.strictObject({ instance: instanceId }),
    run: async ({ instance }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const member = await session.member();
      const of = await orSuggest(
        session,
        instance,
        () => ask(member, 'GetInstance', { instanceId: instance }, session.context),
        ({ instances }) => instances.list,
        (known) => known.instanceId,
      );
      return { data: of, text: describe(session.named(of)) };
    },
  });
}

function list(): Command {
  return verb({
    name: 'list',
    summary: 'the slots that a host ever joined',
    options: [
      ['--dataset <dataset>', 'only those of this dataset'],
      ['--host <participant>', 'only those of this host, by id or name'],
      ['--state <state>', `one of ${states.join(', ')}`],
      ...pageOptions,
    ],
    examples: [
      'veritrain instance list --dataset ds_patients',
      'veritrain instance list --host alder --format json',
    ],
    input: z.strictObject({
      dataset: datasetId.optional(),
      host: participantOrName.optional(),
      state: z.enum(states).optional(),
      ...pageValues,
    }),
    run: async ({ dataset, host, state, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { market } = await session.member();
      const filter = {
        ...(dataset === undefined ? {} : { datasetId: dataset }),
        ...(host === undefined ? {} : { participantId: await session.idOf(host) }),
        ...(state === undefined ? {} : { state }),
      };
      return listAnswer({
        ...(await take(everyPage(market.instances.list, filter, session.context), limit)),
        head: ['instance', 'dataset', 'subset', 'slot', 'state', 'host'],
        named: (of) => session.named(of),
        row: (of) => [
          of.instanceId,
          of.datasetId,
          of.subsetIndex,
          of.slot,
          of.state,
          of.participantId ?? '-',
        ],
        whenEmpty: 'None yet. A host joins with: veritrain instance join <invite>',
      });
    },
  });
}

function leave(): Command {
  return verb({
    name: 'leave',
    summary: 'give notice of a slot; called again after the notice, the slot is left',
    details: ['Rounds that start before the notice ends still count on this host.'],
    arguments: [['<instance>', 'a slot of this host']],
    asks: true,
    examples: ['veritrain instance leave ci_patients_0_2 --profile alder'],
    input: z.strictObject({ instance: instanceId }),
    run: async ({ instance }, session) => {
      const { ask, submit } = await import('@veritrain/member/calls');
      const member = await session.member();
      const { generation, state } = await ask(
        member,
        'GetInstance',
        { instanceId: instance },
        session.context,
      );
      await session.confirm([`${instance} is ${state}.`], `Leave ${instance}?`);
      const { result, write } = await submit(
        member,
        'LeaveInstance',
        { instanceId: instance, generation },
        session.context,
      );
      return { data: result, text: describe(session.named(result)), writes: [write] };
    },
  });
}
