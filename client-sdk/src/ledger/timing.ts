import type { Backoff } from '../errors/backoff.js';

/** Milliseconds that each step of a transaction may take, and how often it is begun anew. */
export interface SubmitPolicy extends Backoff {
  /** How many transactions are made at most, and how often the fate of one is asked for. */
  readonly attempts: number;
  /** How long the gateway may take to bring a transaction to the orderers. */
  readonly submitMs: number;
  /** How long a transaction may take until it is in a block. */
  readonly commitMs: number;
  /** How long the ledger may take to remember an earlier transaction before it counts as never received. */
  readonly askMs: number;
}

/** Milliseconds, all of them; `attempts` is a count. */
export interface LedgerTiming extends SubmitPolicy {
  /** How long a call waits for a connection; a lost one is dialled again all the while. */
  readonly connectMs: number;
  /** How long a query may take. */
  readonly evaluateMs: number;
  /** Longer than a gateway waits for one peer (30 s by default): it then asks another organisation's. */
  readonly endorseMs: number;
}

/** The timing that holds unless a caller gives another. */
export const defaultTiming: LedgerTiming = {
  connectMs: 10_000,
  evaluateMs: 30_000,
  endorseMs: 45_000,
  submitMs: 15_000,
  commitMs: 60_000,
  askMs: 5_000,
  attempts: 8,
  firstMs: 50,
  longestMs: 2_000,
};
