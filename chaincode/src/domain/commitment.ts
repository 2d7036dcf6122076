import { canonicalHash, type LedgerContext } from './hash.js';

/**
 * The facts that a host's commitment to an update binds. With the participant id in it, a copied commitment is
 * worthless.
 */
export interface UpdateCommitmentFacts extends LedgerContext {
  readonly coupleId: string;
  readonly attempt: number;
  readonly instanceId: string;
  readonly participantId: string;
  readonly nonce: string;
}

/** SHA-256 in canonical encoding over place, couple, attempt, instance, participant, nonce and digest. */
export const updateCommitment = (facts: UpdateCommitmentFacts, digest: string): string =>
  canonicalHash('veritrain/update-commitment/1', [
    facts.channel,
    facts.chaincode,
    facts.coupleId,
    String(facts.attempt),
    facts.instanceId,
    facts.participantId,
    facts.nonce,
    digest,
  ]);

/** The facts that a host's commitment to its package binds when the host joins. */
export interface PackageCommitmentFacts extends LedgerContext {
  readonly instanceId: string;
  /** Which host of the slot this is, counted from 1. */
  readonly generation: number;
  readonly participantId: string;
  readonly nonce: string;
}

/** SHA-256 in canonical encoding over place, instance, generation, participant, nonce and the package's digest. */
export const packageCommitment = (facts: PackageCommitmentFacts, digest: string): string =>
  canonicalHash('veritrain/package-commitment/1', [
    facts.channel,
    facts.chaincode,
    facts.instanceId,
    String(facts.generation),
    facts.participantId,
    facts.nonce,
    digest,
  ]);
