import { createHash } from 'node:crypto';
import type { Market } from '@veritrain/client-sdk';
import { newId, participantIdOf } from '@veritrain/client-sdk/keys';
import { ownedId } from '@veritrain/client-sdk/protocol';

type OwnPrefix = 'ds' | 'md' | 'tc';
type Owner = Pick<Market, 'place' | 'keyring'>;

/** A new id that this member alone can register. */
export const newOwnId = (prefix: OwnPrefix, { place, keyring }: Owner): string =>
  newId(prefix, { ...place, ownerId: participantIdOf(keyring) });

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const nameCharacters = 10;

/** The id that this member alone can register for some content: the same each time. */
export function ownIdFor(prefix: OwnPrefix, content: Uint8Array, { place, keyring }: Owner): string {
  const hash = createHash('sha256').update(content).digest().subarray(0, nameCharacters);
  const name = Array.from(hash, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return ownedId(prefix, name, { ...place, ownerId: participantIdOf(keyring) });
}
