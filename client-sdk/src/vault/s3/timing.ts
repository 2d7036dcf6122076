import type { Backoff } from '../../ledger/backoff.js';

/** How patient the vault is with its server and the way there. All in milliseconds. */
export interface S3Timing extends Backoff {
  /** A request that fails for a passing reason is sent again for this long; then it is VAULT_UNREACHABLE. */
  readonly retryForMs: number;
  /** A connection on which nothing moves for this long counts as lost. */
  readonly silenceMs: number;
}

export const defaultS3Timing: S3Timing = {
  firstMs: 200,
  longestMs: 10_000,
  retryForMs: 30_000,
  silenceMs: 30_000,
};
