import {
  type CloudInstance,
  type LedgerContext,
  packageCommitment,
  parseInstanceId,
  quorumOf,
} from '@veritrain/chaincode/domain';
import type { CallOptions, Calls } from './calls.js';

/** How the slots of a subset stand to one package. */
export interface CrossCheck {
  /** Slots whose commitment opens with the digest, the caller's own included. */
  readonly opened: readonly CloudInstance[];
  /** Slots that committed to another package. */
  readonly mismatched: readonly CloudInstance[];
  /** Slots that nobody holds. */
  readonly vacant: readonly CloudInstance[];
  /** How many must hold the same package before the contract pins it. */
  readonly quorum: number;
}

/** What `instances.crossCheck` compares. */
export interface CrossCheckInput {
  /** The caller's own slot. */
  readonly instanceId: string;
  /** Digest of the package that the caller was given. */
  readonly packageDigest: string;
}

/**
 * Opens the commitments of all slots of the caller's subset with the caller's own package digest, as the contract will
 * (OAM, II.D). A host thereby sees whether its sisters were given the same package before it lets itself be verified.
 */
export async function crossCheck(
  calls: Calls,
  place: LedgerContext,
  { instanceId, packageDigest }: CrossCheckInput,
  options?: CallOptions,
): Promise<CrossCheck> {
  const { datasetId, subsetIndex } = parseInstanceId(instanceId);
  const { slots } = await calls.evaluate('GetSubset', { datasetId, subsetIndex }, options);
  const opens = (slot: CloudInstance): boolean => {
    const { participantId, nonce, commitment } = slot;
    if (participantId === null || nonce === null) return false;
    return packageCommitment({ ...place, ...slot, participantId, nonce }, packageDigest) === commitment;
  };
  const taken = slots.filter(({ commitment }) => commitment !== null);
  return {
    opened: taken.filter(opens),
    mismatched: taken.filter((slot) => !opens(slot)),
    vacant: slots.filter(({ commitment }) => commitment === null),
    quorum: quorumOf(slots.length),
  };
}
