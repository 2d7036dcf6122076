/** RFC 4648 in lower case. It has no 0, 1, 8 and 9, which people confuse with letters. */
export const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const bitsOfCharacter = 5;

/** The first bits of a hash, 5 per character. */
export function base32(hash: Uint8Array, characters: number): string {
  const number = BigInt(`0x${Buffer.from(hash).toString('hex')}`);
  const bits = 8 * hash.length;
  const digitAt = (index: number): number =>
    Number((number >> BigInt(bits - bitsOfCharacter * (index + 1))) & 31n);
  return Array.from({ length: characters }, (_, index) => base32Alphabet.charAt(digitAt(index))).join('');
}
