import type { Command } from 'commander';
import type { Participant } from '@veritrain/client-sdk';
import { z } from 'zod';
import { listAnswer, take } from './list.js';
import { noun } from './noun.js';
import { renew } from './participantRenew.js';
import { orSuggest } from './notFound.js';
import type { Session } from './session.js';
import { fields, short } from './text.js';
import { pageOptions, pageValues, participantId, roleNames } from './values.js';
import { verb } from './verb.js';

/** `veritrain participant …` */
export function participantCommand(): Command {
  return noun('participant', 'members: register, renew, show, list', [register(), renew(), show(), list()]);
}

const describe = (of: Participant, evidence?: string): string =>
  fields([
    ['Participant', of.participantId],
    ['Roles', of.roles.join(', ')],
    ['Identity', short(of.identity)],
    ['Registered in', `transaction ${short(of.transactionId)}`],
    ['Evidence', evidence],
  ]);

function register(): Command {
  return verb({
    name: 'register',
    summary: 'make this identity a participant, with roles and its public keys',
    details: [
      'The id is a hash over the public keys of the keyring, so nobody can tell other keys for it.',
      'Once for each identity; called again it finds the same participant.',
    ],
    options: [['--role <role...>', `one or more of ${roleNames.join(', ')}`]],
    examples: [
      'veritrain participant register --role dataOwner',
      'veritrain participant register --role cloudOwner --profile alder',
    ],
    input: z.strictObject({ role: z.array(z.enum(roleNames)) }),
    run: async ({ role }, session) => {
      const { registerParticipant } = await import('../actions/registerParticipant.js');
      const member = await session.member();
      const { participant, writes } = await registerParticipant(member, { roles: role }, session.context);
      return { data: participant, text: describe(participant), writes };
    },
  });
}

function show(): Command {
  return verb({
    name: 'show',
    summary: 'a participant and what verdicts have written of it',
    arguments: [['[participant]', 'default: this profile']],
    examples: ['veritrain participant show', 'veritrain participant show pt_alder --format json'],
    input: z.strictObject({ participant: participantId.optional() }),
    run: async ({ participant: given }, session) => {
      const { ask } = await import('../actions/submit.js');
      const { everyPage } = await import('@veritrain/client-sdk');
      const { requireParticipant } = await import('../actions/profileFile.js');
      const member = await session.member();
      const id = given ?? (await requireParticipant(member, session.context)).participantId;
      const of = await orSuggest(
        id,
        () => ask(member, 'GetParticipant', { participantId: id }, session.context),
        () => knownIds(session),
      );
      const evidence: Record<string, number> = {};
      const rows = everyPage(member.market.participants.listEvidence, { participantId: id }, session.context);
      for await (const { kind } of rows) evidence[kind] = (evidence[kind] ?? 0) + 1;
      const counted = Object.entries(evidence).map(([kind, rowCount]) => `${rowCount} ${kind}`);
      return { data: { ...of, evidence }, text: describe(of, counted.join(', ') || 'none yet') };
    },
  });
}

async function* knownIds(session: Session): AsyncGenerator<string> {
  const { everyPage } = await import('@veritrain/client-sdk');
  const { market } = await session.member();
  for await (const { participantId: id } of everyPage(market.participants.list, {}, session.context))
    yield id;
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
      return listAnswer({
        ...(await take(everyPage(market.participants.list, filter, session.context), limit)),
        head: ['participant', 'roles', 'identity'],
        row: (of) => [of.participantId, of.roles.join(', '), short(of.identity)],
        whenEmpty: 'Nobody yet. The first one: veritrain participant register --role <role>',
      });
    },
  });
}
