import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { type SentError, thrownAgain } from '../sentError.js';
import { orStopped, throwIfStopped, type WorkOptions } from '../work.js';
import type { Opened, OpenOptions } from './opening.js';
import { giveBackThread, takeThread } from './readerThreads.js';

/** Rows that went by, and of how many. */
export interface Rows {
  readonly done: number;
  readonly of: number;
}

/** What a thread is told: that a package begins, bytes of it, or that there are no more. */
export type ToThread =
  { readonly begins: OpenOptions } | Uint8Array | { readonly ends: { readonly digest: string | undefined } };

/** What it answers to each. */
export type FromThread = { readonly rows: Rows } | { readonly whole: Opened } | SentError;

/**
 * A package that a thread of its own reads. While it sums up one piece, this thread fetches and decrypts the next. With
 * {@link stop} the thread ends, or takes another package.
 */
export class PackageThread {
  rows: Rows = { done: 0, of: 0 };
  readonly #worker: Worker;
  readonly #signal: AbortSignal | undefined;
  #answer: Promise<FromThread | undefined> = Promise.resolve(undefined);

  #isDone = false;

  private constructor(worker: Worker, options: OpenOptions, signal: AbortSignal | undefined) {
    this.#worker = worker;
    this.#signal = signal;
    this.#tell({ begins: options });
  }

  /**
   * Starts a thread, once there are fewer than `workers`, and hands it what was read so far.
   * @throws TrainingError VT7511; those of the package
   */
  static async start(
    options: OpenOptions,
    begun: readonly Uint8Array[],
    { workers, signal }: Pick<WorkOptions, 'signal'> & { readonly workers: number },
  ): Promise<PackageThread> {
    const thread = new PackageThread(await takeThread(workers, signal), options, signal);
    try {
      for (const piece of begun) await thread.push(piece);
      return thread;
    } catch (error) {
      thread.stop();
      throw error;
    }
  }

  /** The next bytes; their memory goes over to the thread. @throws TrainingError VT7202, VT7511 */
  async push(piece: Uint8Array): Promise<void> {
    await this.#answered();
    this.#tell(piece, [piece.buffer as ArrayBuffer]);
  }

  /** No more bytes. @throws TrainingError VT7202, VT7511 */
  async end(digest: string | undefined): Promise<Opened> {
    await this.#answered();
    this.#tell({ ends: { digest } });
    const answer = await this.#answered();
    this.#isDone = answer !== undefined && 'whole' in answer;
    if (answer !== undefined && 'whole' in answer) return answer.whole;
    throw new RangeError('a thread ended a package without an answer');
  }

  /** Lets the thread go. One that has not come to the package's end ends, whatever it does. */
  stop(): void {
    this.#answer.catch(() => undefined);
    giveBackThread(this.#worker, this.#isDone);
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
