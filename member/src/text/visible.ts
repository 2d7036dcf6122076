/** What a terminal obeys or hides: controls, marks of the writing direction, blank letters, other line ends, half characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Text of other members, of files and of servers, made safe to print: what a terminal would obey or hide becomes its
 * number, `\u001b`. JSON text means the same afterwards. Line feeds stay: they are the layout's.
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => (character === '\n' ? character : escaped(character)));

/** The same for what stands in a line: a line feed in it would forge another. */
export const visibleLine = (text: string): string => text.replace(unseen, escaped);

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
