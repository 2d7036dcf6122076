import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const idLength = 26;

/** A random id such as `tc_4f…`: 26 characters of 0-9 and a-z, about 134 bits. */
export function newId(prefix: string): string {
  return `${prefix}_${Array.from({ length: idLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('')}`;
}
