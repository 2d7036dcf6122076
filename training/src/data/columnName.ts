import { z } from 'zod';

/** Control, format (bidi, zero-width), separator, blank and half characters: names could differ in them unseen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Longest name of a column, in UTF-16 units. */
export const MAX_NAME_LENGTH = 200;

/** A name as columns are compared by: without space around it, in Unicode's form NFC. */
export const columnName = (text: string): string => text.trim().normalize('NFC');

/** The first character of a name that nobody sees, as `U+200B`; undefined where there is none. */
export function unseenCharacter(name: string): string | undefined {
  const found = UNSEEN.exec(name)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A column's name in a document: as {@link columnName} gives it, every character to be seen. */
export const columnNameSchema = z
  .string()
  .refine(
    (name) => name !== '' && name.length <= MAX_NAME_LENGTH,
    `1 to ${MAX_NAME_LENGTH.toString()} characters`,
  )
  .refine((name) => columnName(name) === name, 'a name in NFC, without space around it')
  .refine((name) => unseenCharacter(name) === undefined, 'a name whose characters can all be seen');
