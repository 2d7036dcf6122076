import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type SentError, thrownAgain } from '../sentError.js';
import { orStopped, throwIfStopped, type WorkOptions } from '../work.js';
import type { Opened, OpenOptions } from './opening.js';

/** Rows that went by, and of how many. */
export interface Rows {
  readonly done: number;
  readonly of: number;
}

/** What a thread is told: bytes of the package, or that there are no more. */
export type ToThread = Uint8Array | { readonly digest: string | undefined };

/** What it answers to each. */
export type FromThread = { readonly rows: Rows } | { readonly whole: Opened } | SentError;

/** Threads of this process that read packages, and who waits for one to end. */
let running = 0;
const waiting: (() => void)[] = [];

/**
 * A package that a thread of its own reads. While it sums up one piece, this thread fetches and decrypts the next. The thread ends
 * with {@link stop}, and with the process.
 */
export class PackageThread {
  rows: Rows = { done: 0, of: 0 };
  readonly #worker: Worker;
  readonly #signal: AbortSignal | undefined;
  #answer: Promise<FromThread | undefined> = Promise.resolve(undefined);

  private constructor(options: OpenOptions, signal: AbortSignal | undefined) {
    // Built by this package's build step; the same place for src/ and dist/.
    const file = new URL('../../dist/trainer/packageWorker.js', import.meta.url);
    this.#worker = new Worker(file, { workerData: options });
    this.#signal = signal;
  }

  /** Starts a thread, once there are fewer than `workers`. @throws TrainingError VT7511 */
  static async start(
    options: OpenOptions,
    { workers, signal }: Pick<WorkOptions, 'signal'> & { readonly workers: number },
  ): Promise<PackageThread> {
    while (running >= workers) await orStopped(new Promise<void>((resolve) => waiting.push(resolve)), signal);
    const thread = new PackageThread(options, signal);
    running += 1;
    return thread;
  }

  /** The next bytes; their memory goes over to the thread. @throws TrainingError VT7202, VT7511 */
  async push(piece: Uint8Array): Promise<void> {
    await this.#answered();
    this.#tell(piece, [piece.buffer as ArrayBuffer]);
  }

  /** No more bytes. @throws TrainingError VT7202, VT7511 */
  async end(digest: string | undefined): Promise<Opened> {
    await this.#answered();
    this.#tell({ digest });
    const answer = await this.#answered();
    if (answer !== undefined && 'whole' in answer) return answer.whole;
    throw new RangeError('a thread ended a package without an answer');
  }

  /** Ends the thread, whatever it does. */
  stop(): void {
    this.#answer.catch(() => undefined);
    void this.#worker.terminate();
    running -= 1;
    // All: one of them may have been stopped meanwhile.
    for (const wake of waiting.splice(0)) wake();
  }

  #tell(message: ToThread, moved: readonly ArrayBuffer[] = []): void {
    this.#answer = once(this.#worker, 'message').then(([answer]) => answer as FromThread);
    // It is awaited before the next message only.
    this.#answer.catch(() => undefined);
    this.#worker.postMessage(message, moved);
  }

  async #answered(): Promise<FromThread | undefined> {
    throwIfStopped(this.#signal);
    const answer = await orStopped(this.#answer, this.#signal);
    if (answer === undefined) return undefined;
    if ('rows' in answer) this.rows = answer.rows;
    if ('code' in answer) throw thrownAgain(answer);
    return answer;
  }
}
