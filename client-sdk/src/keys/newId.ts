import { randomInt } from 'node:crypto';
import {
  type IdOwner,
  type OwnedPrefix,
  base32Alphabet,
  ownedId,
  ownedNameCharacters,
} from '@veritrain/chaincode/domain';

/**
 * A random id such as `tc_4f…` that only this owner can register: whoever sees it before it is on the ledger cannot take
 * it first.
 */
export function newId(prefix: OwnedPrefix, owner: IdOwner): string {
  const character = (): string => base32Alphabet.charAt(randomInt(base32Alphabet.length));
  return ownedId(prefix, Array.from({ length: ownedNameCharacters }, character).join(''), owner);
}
