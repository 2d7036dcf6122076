import { createPublicKey, verify } from 'node:crypto';
import { canonicalHashBytes, type LedgerContext } from './hash.js';
import type { PublicJwk } from './primitives.js';

/** The facts that a data owner signs to admit exactly one participant to one slot. */
export interface JoinTokenFacts extends LedgerContext {
  readonly datasetId: string;
  readonly subsetIndex: number;
  /** Which replica of the subset, counted from 0. */
  readonly slot: number;
  /** Which host of the slot this is, counted from 1. */
  readonly generation: number;
  /** The host that may join. */
  readonly participantId: string;
  /** Clock time, milliseconds since the epoch, after which the token is void. */
  readonly expiresAt: number;
}

/** The 32 bytes that are signed: ES256 (SHA-256 over these bytes, IEEE P1363 form, base64url). */
export const joinTokenMessage = (facts: JoinTokenFacts): Uint8Array =>
  canonicalHashBytes('veritrain/join-token/1', [
    facts.channel,
    facts.chaincode,
    facts.datasetId,
    String(facts.subsetIndex),
    String(facts.slot),
    String(facts.generation),
    facts.participantId,
    String(facts.expiresAt),
  ]);

/** Whether `token` is the signature of `signingKey`'s holder over `facts`. */
export function verifyJoinToken(facts: JoinTokenFacts, token: string, signingKey: PublicJwk): boolean {
  const key = createPublicKey({ key: { ...signingKey }, format: 'jwk' });
  const signature = Buffer.from(token, 'base64url');
  return verify('sha256', joinTokenMessage(facts), { key, dsaEncoding: 'ieee-p1363' }, signature);
}
