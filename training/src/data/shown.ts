/** What a reader does not see, or takes for a plain space. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
const MAX_SHOWN = 40;

/** A cell or name in quotes for a message: at most 40 characters of it, each of them to be seen. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MAX_SHOWN + 2));
  const cut = characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join('')}…` : text;
  return `"${cut.replace(UNSEEN, escaped)}"`;
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
}
