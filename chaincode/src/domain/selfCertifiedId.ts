import { base32 } from './base32.js';
import { canonicalHashBytes } from './hash.js';
import type { PublicJwk } from './primitives.js';

/** The public keys that a participant registers with. */
export interface ParticipantKeys {
  /** ES256. */
  readonly signingKey: PublicJwk;
  /** ECDH-ES. */
  readonly encryptionKey: PublicJwk;
}

const idCharacters = 26;

/**
 * The id of the participant that registers with these keys: `pt_` and the first 130 bits, in base32, of the canonical
 * hash over the signing and the encryption key. Finding other keys with a given id takes about 2^130 hashes, so a
 * member that knows an id can check keys from any source.
 *
 * An id belongs to the first keys. No transaction changes keys yet. The previous keys will sign later ones, and a check
 * will then follow the signatures back to the keys given to this function.
 */
export function participantIdOf({ signingKey, encryptionKey }: ParticipantKeys): string {
  const fields = [signingKey, encryptionKey].flatMap(({ kty, crv, x, y }) => [kty, crv, x, y]);
  return `pt_${base32(canonicalHashBytes('veritrain/participant/1', fields), idCharacters)}`;
}

const fingerprintGroups = 5;
const digitsOfGroup = 5;

/**
 * A participant's id in a form that people read aloud: 5 groups of 5 decimal digits, `41237 90312 …`, from a hash over
 * the id. Two people who compare it compare 83 bits: finding keys with a given fingerprint takes about 2^83 hashes.
 * Programs compare ids.
 */
export function fingerprintOf(participantId: string): string {
  const digits = fingerprintGroups * digitsOfGroup;
  const hash = numberOf(canonicalHashBytes('veritrain/fingerprint/1', [participantId]));
  const text = (hash % 10n ** BigInt(digits)).toString().padStart(digits, '0');
  return (text.match(/.{5}/g) ?? []).join(' ');
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
