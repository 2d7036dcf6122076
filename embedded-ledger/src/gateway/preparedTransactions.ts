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
 * Remembers what this process has just endorsed. An envelope that comes back for ordering with the same payload,
 * byte for byte, carries signatures made here: it is not taken apart again, and they need no second check. Everything
 * else is checked in full.
 */
export class PreparedTransactions {
  private readonly byId = new BoundedCache<string, Prepared>(MAX_KEPT_BYTES);

  add(prepared: Prepared): void {
    // Its content holds the same bytes once more, taken apart.
    this.byId.set(prepared.header.transactionId, prepared, 2 * prepared.payload.length);
  }

  /** What was endorsed here with exactly this payload; forgotten with the asking. */
  take(transactionId: string, payload: Uint8Array): Prepared | undefined {
    const prepared = this.byId.get(transactionId);
    if (prepared === undefined || !sameBytes(prepared.payload, payload)) return undefined;
    this.byId.delete(transactionId);
    return prepared;
  }
}
