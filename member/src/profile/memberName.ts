import { z } from 'zod';

/** A participant's id: `pt_` and 26 of a-z and 2-7. The contract checks the same form. */
export const participantId = z.string().regex(/^pt_[a-z2-7]{26}$/, 'must be pt_ and 26 of a-z and 2-7');

const maxLength = 40;
/** Invisible fillers and joiners; some of them count as letters. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const pattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._'’-]*( [\p{L}\p{M}\p{N}._'’-]+)*$/u;

const isName = (text: string): boolean =>
  text.length <= maxLength && pattern.test(text) && !invisible.test(text) && !text.startsWith('pt_');

/**
 * A name for a member: 1 to 40 letters, digits, dots, dashes, apostrophes and single spaces, of any script, normalised to
 * NFC. It contains nothing that is invisible or that controls a terminal, and cannot be mistaken for an id.
 */
export const memberName = z
  .string()
  .transform((text) => text.normalize('NFC'))
  .refine(
    isName,
    `must be a name of 1 to ${maxLength.toString()} letters, digits, . _ - ' and single spaces`,
  );

/** A participant as people type it: its id, or its name in the address book. */
export const participantOrName = z.union(
  [participantId, memberName],
  'must be an id (pt_ and 26 of a-z and 2-7) or a name from `veritrain participant names`',
);

/** Whether a text has the form of a participant's id: `pt_` and 26 of a-z and 2-7. */
export const isParticipantId = (given: string): boolean => participantId.safeParse(given).success;
