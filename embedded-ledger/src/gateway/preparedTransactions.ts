import { BoundedCache } from '../boundedCache.js';
import { sameBytes } from '../hashing.js';
import type { EnvelopeHeader, TransactionContent } from '../commit/transaction.js';

const MAX_KEPT_BYTES = 128 * 1024 * 1024;

interface Prepared {
  readonly payload: Uint8Array;
  readonly header: EnvelopeHeader;
  readonly content: TransactionContent;
}

/**
 * Remembers the transactions that this process has just endorsed. If an envelope returns for ordering with the same
 * payload, byte for byte, its signatures were made here, so it is neither parsed nor verified a second time. Any other
 * envelope gets the full checks.
 */
export class PreparedTransactions {
  private readonly byId = new BoundedCache<string, Prepared>(MAX_KEPT_BYTES);

  add(prepared: Prepared): void {
    // The parsed content holds the same bytes a second time.
    this.byId.set(prepared.header.transactionId, prepared, 2 * prepared.payload.length);
  }

  /** Returns and forgets the transaction that was endorsed here with exactly this payload. */
  take(transactionId: string, payload: Uint8Array): Prepared | undefined {
    const prepared = this.byId.get(transactionId);
    if (prepared === undefined || !sameBytes(prepared.payload, payload)) return undefined;
    this.byId.delete(transactionId);
    return prepared;
  }
}
