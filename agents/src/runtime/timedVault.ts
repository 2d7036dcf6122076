import type { GetOptions, OwnObject, Vault } from '@veritrain/client-sdk/vault';
import { within } from './timeLimit.js';

/** How long an agent bears with its vault. */
interface Bearing {
  /** An answer, or the first byte, comes within this time, ms. */
  readonly answerMs: number;
  /** From then on no fewer bytes come in a second on average. */
  readonly leastBytesPerSecond: number;
}

const usual: Bearing = { answerMs: 30_000, leastBytesPerSecond: 16 * 1024 };
/** Large objects go up in parts of some megabytes, and tell of each when it is there. */
const answersForPart = 10;

/**
 * A vault every call of which ends: with what was asked for, with the vault's own error, or with VAULT_TOO_SLOW, also
 * where the vault under it neither answers nor heeds a signal.
 */
export function timedVault(vault: Vault, bearing = usual): Vault {
  const { answerMs, leastBytesPerSecond } = bearing;
  const timeFor = (bytes: number): number => answerMs + (1000 * bytes) / leastBytesPerSecond;
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
    // A whole object is a stream's pieces, so that a vault that drips is found out after the first of them.
    get: async (handle, options) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream(handle, options)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    stream,
    put: (content, { signal, onProgress, ...options } = {}) => {
      const ms = content instanceof Uint8Array ? timeFor(content.length) : answersForPart * answerMs;
      return within({ ms, what: 'an object to store', signal }, (own, gotOn) =>
        vault.put(content, {
          ...options,
          signal: own,
          onProgress: (progress) => {
            if (!(content instanceof Uint8Array)) gotOn();
            onProgress?.(progress);
          },
        }),
      );
    },
  };
}

type ListOwn = (options?: { signal?: AbortSignal | undefined }) => AsyncIterable<OwnObject>;

/** The same for the list of this member's own objects: each comes in time, or the list ends. */
export const timedList =
  (list: ListOwn, { answerMs } = usual): ListOwn =>
  ({ signal } = {}) =>
    inTime(
      (own) => list({ signal: own }),
      (objects) => answerMs * (1 + objects),
      signal,
    );

/** What comes from a vault, piece by piece, as long as it comes in time. Time that the reader takes does not count. */
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
    // Without waiting for it: where it hangs, it has been given up.
    pieces.return?.().catch(() => undefined);
  }
}
