/** A number for people: at most `digits` significant digits, thousands separated. */
export function figure(value: number, digits = 6): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9))
    return value.toExponential(Math.min(digits, 3) - 1);
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}

/** A duration for people, with one decimal: `12.3 s`. */
export const secondsText = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** A byte count in the largest fitting unit, with about three digits. */
export function bytesText(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** The first and last eight characters of a digest or transaction id, for people to compare. */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return hex.length <= 17 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`;
}

/** A count with its noun, which gets an `s` unless the count is 1: `3 subsets`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Characters that a terminal obeys or hides: controls, bidi marks, invisible letters, line ends, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Makes text of other members, files and servers safe to print: escapes each character that a terminal would obey or hide,
 * as `\u001b`. JSON text keeps its meaning. Line feeds stay, for the layout.
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => (character === '\n' ? character : escaped(character)));

/** The same for text within a line, where a line feed would forge another line. */
export const visibleLine = (text: string): string => text.replace(unseen, escaped);

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
