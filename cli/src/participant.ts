import type { Command } from 'commander';
import type { Participant } from '@veritrain/client-sdk';
import { z } from 'zod';
import { listAnswer, take } from './list.js';
import { noun, verb } from './verb.js';
import { renew } from './participantRenew.js';
import { orSuggest } from './suggest.js';
import { shortDigest } from '@veritrain/member/text';
import { fields } from './text.js';
import { forget, name, names } from './participantNames.js';
import { pageOptions, pageValues, participantOrName, roleNames } from './values.js';

/** `veritrain participant …` */
export function participantCommand(): Command {
  return noun('participant', 'members: register, renew, show, list, name, names, forget', [
    register(),
    renew(),
    show(),
    list(),
    name(),
    names(),
    forget(),
  ]);
}

interface Known {
  /** In the address book of this profile. */
  name?: string | undefined;
  fingerprint?: string | undefined;
  conduct?: string | undefined;
}

const describe = (of: Participant, { name: called, fingerprint, conduct }: Known = {}): string =>
  fields([
    ['Name', called],
    ['Participant', of.participantId],
    ['Fingerprint', fingerprint],
    ['Roles', of.roles.join(', ')],
    ['Identity', shortDigest(of.identity)],
    ['Registered in', `transaction ${shortDigest(of.transactionId)}`],
    ['Conduct', conduct],
  ]);

function register(): Command {
  return verb({
    name: 'register',
    summary: 'make this identity a participant, with roles and its public keys',
    details: [
      'The id is a hash over the public keys of the keyring, so no other keys can be given for it.',
      'Once for each identity; called again it finds the same participant.',
    ],
    options: [['--role <role...>', `one or more of ${roleNames.join(', ')}`]],
    examples: [
      'veritrain participant register --role dataOwner',
      'veritrain participant register --role cloudOwner --profile alder',
    ],
    input: z.strictObject({ role: z.array(z.enum(roleNames)) }),
    run: async ({ role }, session) => {
      const { registerParticipant } = await import('@veritrain/member/enrolment');
      const { fingerprintOf } = await import('@veritrain/client-sdk/keys');
      const member = await session.member();
      const { participant, writes } = await registerParticipant(member, { roles: role }, session.context);
      const fingerprint = fingerprintOf(participant.participantId);
      return { data: { ...participant, fingerprint }, text: describe(participant, { fingerprint }), writes };
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: 'a participant, its fingerprint, and its conduct records',
    details: [
      'The fingerprint stands for the id, and the id for the keys: to read its 25 digits to each other by phone compares 83 bits.',
    ],
    arguments: [['[participant]', 'an id or a name; default: this profile']],
    options: [['--id', 'print the id alone, to hand it over']],
    examples: ['veritrain participant show', 'veritrain participant show alder --format json'],
    input: z.strictObject({ participant: participantOrName.optional(), id: z.boolean().default(false) }),
    run: async ({ participant: given, id: idAlone }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { everyPage } = await import('@veritrain/client-sdk');
      const { fingerprintOf } = await import('@veritrain/client-sdk/keys');
      const { requireParticipant } = await import('@veritrain/member/enrolment');
      const member = await session.member();
      const participantId =
        given === undefined
          ? (await requireParticipant(member, session.context)).participantId
          : await session.idOf(given);
      const of = await orSuggest(
        session,
        participantId,
        () => ask(member, 'GetParticipant', { participantId }, session.context),
        ({ participants }) => participants.list,
        (known) => known.participantId,
      );
      const conduct: Record<string, number> = {};
      const rows = everyPage(member.market.participants.listConduct, { participantId }, session.context);
      for await (const { kind } of rows) conduct[kind] = (conduct[kind] ?? 0) + 1;
      const counted = Object.entries(conduct).map(([kind, rowCount]) => `${rowCount} ${kind}`);
      const known = {
        name: (await session.addressBook()).nameOf(participantId),
        fingerprint: fingerprintOf(participantId),
      };
      return {
        data: { ...of, ...known, conduct },
        text: idAlone ? participantId : describe(of, { ...known, conduct: counted.join(', ') || 'none yet' }),
      };
    },
  });
}

function list(): Command {
  return verb({
    name: 'list',
    summary: 'the members of the market',
    options: [['--role <role>', 'only those with this role'], ...pageOptions],
    examples: ['veritrain participant list', 'veritrain participant list --role cloudOwner --format jsonl'],
    input: z.strictObject({ role: z.enum(roleNames).optional(), ...pageValues }),
    run: async ({ role, limit }, session) => {
      const { everyPage } = await import('@veritrain/client-sdk');
      const { market } = await session.member();
      const filter = role === undefined ? {} : { role };
      const book = await session.addressBook();
      return listAnswer({
        ...(await take(everyPage(market.participants.list, filter, session.context), limit)),
        head: ['name', 'participant', 'roles', 'identity'],
        row: (of) => [
          book.nameOf(of.participantId),
          of.participantId,
          of.roles.join(', '),
          shortDigest(of.identity),
        ],
        whenEmpty: 'Nobody yet. The first one: veritrain participant register --role <role>',
      });
    },
  });
}
