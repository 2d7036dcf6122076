import { z } from 'zod';

/** As the contract takes it; the contract checks it again. */
export const participantId = z.string().regex(/^pt_[a-z2-7]{26}$/, 'must be pt_ and 26 of a-z and 2-7');

const longest = 40;
/** Fillers and joiners that show nothing; some of them count as letters. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const pattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._'’-]*( [\p{L}\p{M}\p{N}._'’-]+)*$/u;

const isName = (text: string): boolean =>
  text.length <= longest && pattern.test(text) && !invisible.test(text) && !text.startsWith('pt_');

/**
 * What somebody calls a member: 1 to 40 letters, digits, dots, dashes, apostrophes and single spaces, of any script and
 * in one form (NFC). Nothing in it is invisible or steers a terminal, and it looks like no id.
 */
export const memberName = z
  .string()
  .transform((text) => text.normalize('NFC'))
  .refine(isName, `must be a name of 1 to ${longest.toString()} letters, digits, . _ - ' and single spaces`);

/** A participant as people type it: its id, or the name that it has in the address book. */
export const participantOrName = z.union(
  [participantId, memberName],
  'must be an id (pt_ and 26 of a-z and 2-7) or a name from `veritrain participant names`',
);

export const isParticipantId = (given: string): boolean => participantId.safeParse(given).success;
