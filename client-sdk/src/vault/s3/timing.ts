import type { Backoff } from '../../errors/backoff.js';

/** How slow a server may be before it counts as gone. */
export interface Pace {
  /** A connection on which nothing moves for this long counts as lost, and so does an answer that takes longer, ms. */
  readonly silenceMs: number;
  /** Objects move at least this fast either way, in the middle of any `retryForMs`. */
  readonly minBytesPerSecond: number;
}

/** How patient the vault is with its server and the way there. */
export interface S3Timing extends Backoff, Pace {
  /** A request that fails for a passing reason is sent again for this long, ms; then it is VAULT_UNREACHABLE. */
  readonly retryForMs: number;
}

export const defaultS3Timing: S3Timing = {
  firstMs: 200,
  longestMs: 10_000,
  retryForMs: 30_000,
  silenceMs: 30_000,
  minBytesPerSecond: 16_384,
};
