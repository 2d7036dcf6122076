import { ContractError } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/** The owner of a digest, and the couple that uses it. */
interface Use {
  readonly ownerId: string;
  readonly coupleId: string;
}

/** Marks a draw chain's anchor as used by its owner. Refuses with ANCHOR_USED. */
export async function useAnchor(tx: Transaction, anchor: string, { ownerId, coupleId }: Use): Promise<void> {
  if ((await tx.ledger.get(records.anchor, ownerId, anchor)) !== null) {
    throw new ContractError('ANCHOR_USED', 'The owner has used this anchor before.', { anchor });
  }
  tx.ledger.put(records.anchor, [ownerId, anchor], [coupleId]);
}

/** Marks a homomorphic public key as used by its owner. Refuses with HE_KEY_USED. */
export async function useHeKey(
  tx: Transaction,
  heKeyDigest: string,
  { ownerId, coupleId }: Use,
): Promise<void> {
  if ((await tx.ledger.get(records.heKey, ownerId, heKeyDigest)) !== null) {
    throw new ContractError('HE_KEY_USED', 'The owner has used this key before.', { heKeyDigest });
  }
  tx.ledger.put(records.heKey, [ownerId, heKeyDigest], [coupleId]);
}
