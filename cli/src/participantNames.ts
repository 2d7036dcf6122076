import type { Command } from 'commander';
import { z } from 'zod';
import { fields, table } from './text.js';
import { memberName, participantOrName } from './values.js';
import { verb } from './verb.js';

/** `veritrain participant name` */
export function name(): Command {
  return verb({
    name: 'name',
    summary: 'give a member a name of your choice, which every command then takes and shows',
    details: [
      'Names lie beside this profile and never leave this machine. Compare the fingerprint with the member first, over another channel than the one that its id came by.',
    ],
    arguments: [
      ['<participant>', 'the id, or the name so far'],
      ['<name>', 'up to 40 letters, digits, dots, dashes and spaces'],
    ],
    examples: ['veritrain participant name pt_jmgsisv3pazetktanlt4v5r4dk alder'],
    input: z.strictObject({ participant: participantOrName, name: memberName }),
    run: async ({ participant, name: given }, session) => {
      const { fingerprintOf } = await import('@veritrain/client-sdk/keys');
      const book = await session.addressBook();
      const id = book.idOf(participant);
      book.give({ participantId: id, name: given });
      const fingerprint = fingerprintOf(id);
      return {
        data: { participantId: id, name: given, fingerprint },
        text: fields([
          ['Name', given],
          ['Participant', id],
          ['Fingerprint', fingerprint],
        ]),
      };
    },
  });
}

/** `veritrain participant names` */
export function names(): Command {
  return verb({
    name: 'names',
    summary: 'the members that have a name here',
    examples: ['veritrain participant names', 'veritrain participant names --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const items = (await session.addressBook()).list();
      return {
        data: { items },
        items,
        text: table(
          ['name', 'participant'],
          items.map((of) => [of.name, of.participantId]),
          'Nobody yet. The first one: veritrain participant name <id> <name>',
        ),
      };
    },
  });
}

/** `veritrain participant forget` */
export function forget(): Command {
  return verb({
    name: 'forget',
    summary: 'take the name from a member; it stays the member that it is',
    arguments: [['<participant>', 'the name, or the id']],
    examples: ['veritrain participant forget alder'],
    input: z.strictObject({ participant: participantOrName }),
    run: async ({ participant }, session) => {
      const forgotten = (await session.addressBook()).forget(participant);
      return {
        data: forgotten,
        text: `${forgotten.participantId} is no longer called ${forgotten.name} here.`,
      };
    },
  });
}
