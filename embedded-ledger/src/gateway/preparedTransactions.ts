import { sameBytes } from '../hashing.js';
import type { TransactionContent } from '../commit/transaction.js';

const MOST_KEPT = 20_000;

interface Prepared {
  readonly payload: Uint8Array;
  readonly content: TransactionContent;
}

/**
 * Remembers what this process has just endorsed. An envelope that comes back for ordering with the same payload,
 * byte for byte, carries signatures made here: they need no second check. Everything else is checked in full.
 */
export class PreparedTransactions {
  private readonly byId = new Map<string, Prepared>();

  add(transactionId: string, payload: Uint8Array, content: TransactionContent): void {
    this.byId.set(transactionId, { payload, content });
    if (this.byId.size <= MOST_KEPT) return;
    const [oldest] = this.byId.keys();
    if (oldest !== undefined) this.byId.delete(oldest);
  }

  /** The content of exactly this payload, if it was endorsed here; forgotten with the asking. */
  take(transactionId: string, payload: Uint8Array): TransactionContent | undefined {
    const prepared = this.byId.get(transactionId);
    if (prepared === undefined || !sameBytes(prepared.payload, payload)) return undefined;
    this.byId.delete(transactionId);
    return prepared.content;
  }
}
