import { macParts } from '../../canonical.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 50 bits: of 10,000 levels two have one code in one column of 20 million. */
const CODE_LENGTH = 10;
const FORM = new RegExp(`^c-[a-z2-7]{${CODE_LENGTH.toString()}}$`);

/** Whether a text has the form of a level's code. */
export const isLevelCode = (text: string): boolean => FORM.test(text);

/** The code of a level: without the secret nobody can test a guessed text against it. */
export function levelCode(secret: Uint8Array, column: string, text: string): string {
  const mac = macParts(secret, 'veritrain/level-code/1', column, text);
  return `c-${Array.from(mac.subarray(0, CODE_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')}`;
}
