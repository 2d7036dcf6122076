import type { GetOptions, OwnObject, Vault } from '@veritrain/client-sdk/vault';
import { within } from './timeLimit.js';

/** How slow a vault may be. */
interface VaultLimits {
  /** Longest wait for an answer, or for the first byte, ms. */
  readonly answerMs: number;
  /** Least average rate from then on. */
  readonly minBytesPerSecond: number;
}

const defaultLimits: VaultLimits = { answerMs: 30_000, minBytesPerSecond: 16 * 1024 };
/** Large objects are uploaded in parts of some megabytes, each with a progress event. A part may take this many answers. */
const answersPerPart = 10;

/**
 * A vault whose calls all end: with the result, with the vault's own error, or with VAULT_TOO_SLOW where the vault below
 * neither answers nor heeds a signal.
 */
export function timedVault(vault: Vault, { answerMs, minBytesPerSecond } = defaultLimits): Vault {
  const timeFor = (bytes: number): number => answerMs + (1000 * bytes) / minBytesPerSecond;
  const stream = (handle: string, { signal, ...options }: GetOptions = {}): AsyncGenerator<Uint8Array> =>
    inTime((own) => vault.stream(handle, { ...options, signal: own }), timeFor, signal);
  return {
    has: (handle, { signal } = {}) =>
      within({ ms: answerMs, what: 'whether an object is there', signal }, (own) =>
        vault.has(handle, { signal: own }),
      ),
    delete: (handle, { signal } = {}) =>
      within({ ms: answerMs, what: 'an object to delete', signal }, (own) =>
        vault.delete(handle, { signal: own }),
      ),
    // Read as a stream, so that a dripping vault is found out after the first piece.
    get: async (handle, options) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream(handle, options)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    stream,
    put: (content, { signal, onProgress, ...options } = {}) => {
      const ms = content instanceof Uint8Array ? timeFor(content.length) : answersPerPart * answerMs;
      return within({ ms, what: 'an object to store', signal }, (own, restart) =>
        vault.put(content, {
          ...options,
          signal: own,
          onProgress: (progress) => {
            if (!(content instanceof Uint8Array)) restart();
            onProgress?.(progress);
          },
        }),
      );
    },
  };
}

type ListOwn = (options?: { signal?: AbortSignal | undefined }) => AsyncIterable<OwnObject>;

/** The same for the list of this member's own objects: each comes in time, or the list fails. */
export const timedList =
  (list: ListOwn, { answerMs } = defaultLimits): ListOwn =>
  ({ signal } = {}) =>
    inTime(
      (own) => list({ signal: own }),
      (objects) => answerMs * (1 + objects),
      signal,
    );

/** Hands on what a vault yields, as long as it comes in time. Time that the reader takes does not count. */
async function* inTime<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  timeFor: (amount: number) => number,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const own = new AbortController();
  const pieces = open(own.signal)[Symbol.asyncIterator]();
  let [amount, waitedMs] = [0, 0];
  try {
    for (;;) {
      const startedAt = performance.now();
      const limit = { ms: Math.max(0, timeFor(amount) - waitedMs), what: 'an object to read', signal };
      const next = await within(limit, () => pieces.next());
      waitedMs += performance.now() - startedAt;
      if (next.done === true) return;
      amount += next.value instanceof Uint8Array ? next.value.length : 1;
      yield next.value;
    }
  } finally {
    own.abort();
    // Not awaited: it may hang.
    pieces.return?.().catch(() => undefined);
  }
}
