import type { CommittedBlock } from '../commit/committer.js';

export interface CommitResult {
  readonly code: number;
  readonly block: number;
}

/** The callers that wait for a transaction's outcome. */
export class CommitWaiters {
  private readonly byId = new Map<string, Set<(result: CommitResult) => void>>();

  /** Calls `listener` once the transaction is committed, unless the returned function is called first. */
  add(transactionId: string, listener: (result: CommitResult) => void): () => void {
    const listeners = this.byId.get(transactionId) ?? new Set();
    listeners.add(listener);
    this.byId.set(transactionId, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byId.get(transactionId) === listeners) this.byId.delete(transactionId);
    };
  }

  notify(block: CommittedBlock): void {
    for (const { transactionId, code } of block.transactions) {
      const listeners = this.byId.get(transactionId);
      this.byId.delete(transactionId);
      for (const listener of listeners ?? []) listener({ code, block: block.number });
    }
  }
}
