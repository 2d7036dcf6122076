import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { TrainingError } from './errors.js';

/** Where a long computation stands. */
export interface WorkProgress {
  /**
   * What is done: rows of a table are split, rows of a package are read and summed up, plaintexts of a host's matrix are encoded,
   * ciphertexts of its reply are computed, updates of a round are decrypted.
   */
  readonly phase: 'splitRows' | 'readPackage' | 'encodeMatrix' | 'reply' | 'readUpdates';
  /** How much of it. */
  readonly done: number;
  /** Of how much; 0 while that is not known. */
  readonly of: number;
  /** What is counted. */
  readonly unit: 'rows' | 'plaintexts' | 'ciphertexts' | 'updates';
}

/** How a long computation is watched and stopped. Neither changes a byte of what it gives. */
export interface WorkOptions {
  /** Stops it within a fraction of a second: it rejects with VT7511, gives back what it held, and leaves nothing half done. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second; never for what takes less. It must return at once: the computation does not go on before. */
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
}

/** A computation in pieces of some milliseconds: it may be stopped between them, and says where it stands. */
export type Pieces<Value> = Generator<WorkProgress, Value>;

/** How long it computes before others have a turn, ms: to let them costs some microseconds. */
const turnEveryMs = 20;
/** How often it says where it stands, ms. */
const reportEveryMs = 1_000;

/** @throws TrainingError VT7511 where the signal has fired */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new TrainingError('VT7511', 'the computation was stopped', {}, signal.reason);
}

/** Gives the event loop its turns in a long computation: without them no signal arrives, and no other work goes on. */
export class Pace {
  readonly #options: WorkOptions;
  #turnAt = performance.now();
  #reportAt = performance.now();

  /** @throws TrainingError VT7511 where the signal has fired */
  constructor(options: WorkOptions) {
    throwIfStopped(options.signal);
    this.#options = options;
  }

  /** Between two pieces. @throws TrainingError VT7511 */
  async next(progress: WorkProgress): Promise<void> {
    const { signal, onProgress } = this.#options;
    if (performance.now() - this.#turnAt < turnEveryMs) return;
    if (performance.now() - this.#reportAt >= reportEveryMs) {
      onProgress?.(progress);
      this.#reportAt = performance.now();
    }
    await turn();
    throwIfStopped(signal);
    this.#turnAt = performance.now();
  }
}

/** Computes piece by piece. Where it is stopped, the pieces end at once, so that their `finally` gives back what they hold. */
export async function inPieces<Value>(
  pieces: Pieces<Value>,
  options: WorkOptions,
  pace = new Pace(options),
): Promise<Value> {
  try {
    for (;;) {
      const piece = pieces.next();
      if (piece.done === true) return piece.value;
      await pace.next(piece.value);
    }
  } finally {
    pieces.return(undefined as never);
  }
}

/** Computes all pieces at once. */
export function allAtOnce<Value>(pieces: Pieces<Value>): Value {
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
  }
}

/** Waits for work that others started, no longer than until the signal fires. @throws TrainingError VT7511; as the work */
export async function orStopped<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return work;
  throwIfStopped(signal);
  const over = new AbortController();
  const fired = once(signal, 'abort', { signal: over.signal }).then(() => throwIfStopped(signal));
  try {
    return (await Promise.race([work, fired])) as Value;
  } finally {
    fired.catch(() => undefined);
    over.abort();
  }
}
