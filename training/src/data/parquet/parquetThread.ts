import { Worker } from 'node:worker_threads';
import { TrainingError } from '../../errors.js';
import { type SentError, thrownAgain } from '../../sentError.js';
import type { OpenParquetOptions, ParquetTable, ReadableFile } from './openParquet.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly source: string;
  readonly byteLength: number;
}

/** What a thread is asked, and the parts of the file that it asked for; `bytes` is absent where the file threw. */
export type ToThread =
  | { readonly kind: 'columns' }
  | { readonly kind: 'needed'; readonly isNeeded: readonly boolean[] }
  | { readonly kind: 'next' }
  | { readonly kind: 'part'; readonly part: number; readonly bytes: ArrayBuffer | undefined };

/** What it asks for, and what it answers. */
export type FromThread =
  | {
      readonly kind: 'slice';
      readonly part: number;
      readonly start: number;
      readonly end: number | undefined;
    }
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'piece'; readonly piece: Uint8Array | undefined }
  | { readonly kind: 'refused'; readonly error: SentError };

type Answer<Kind extends FromThread['kind']> = Extract<FromThread, { kind: Kind }>;

/** Megabytes of values: a window of two million takes a tenth of it. */
const MAX_MEMORY = 2048;
/** How long a thread may compute without a word: a window takes a second or two. */
const PATIENCE_MS = 120_000;

/** Reads a Parquet file in a thread of its own, and ends it where it asks too much. */
export class ParquetThread {
  readonly #worker: Worker;
  #fault: { readonly error: unknown } | undefined;
  #settle: ((answer: FromThread | Error) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly file: ReadableFile,
    readonly source: string,
    readonly patienceMs: number,
  ) {
    const workerData: ThreadData = { source, byteLength: file.byteLength };
    // Built by this package's build step; the same place for src/ and dist/.
    this.#worker = new Worker(new URL('../../../dist/data/parquet/parquetWorker.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY },
    });
    // While nobody waits for an answer, it holds no process up.
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error: Error) => this.#settle?.(error));
    this.#worker.on('exit', () => this.#settle?.(new Error('it takes too much')));
  }

  /** @throws as `openParquet` */
  static async open(
    file: ReadableFile,
    { source, needs = () => true, patienceMs = PATIENCE_MS }: OpenParquetOptions,
  ): Promise<Pick<ParquetTable, 'csv' | 'texts'>> {
    const thread = new ParquetThread(file, source, patienceMs);
    try {
      const { columns } = await thread.#ask({ kind: 'columns' }, 'columns');
      const { texts } = await thread.#ask({ kind: 'needed', isNeeded: columns.map(needs) }, 'texts');
      return { csv: thread.#pieces(), texts };
    } catch (error) {
      thread.#stop();
      throw error;
    }
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const { piece } = await this.#ask({ kind: 'next' }, 'piece');
        if (piece === undefined) return;
        yield piece;
      }
    } finally {
      this.#stop();
    }
  }

  async #ask<Kind extends FromThread['kind']>(message: ToThread, kind: Kind): Promise<Answer<Kind>> {
    this.#worker.ref();
    try {
      const answer = await new Promise<FromThread | Error>((resolve) => {
        this.#settle = resolve;
        this.#worker.postMessage(message);
        this.#wait();
      });
      if (this.#fault !== undefined) throw this.#fault.error;
      if (answer instanceof Error) throw this.#damaged(answer);
      if (answer.kind === 'refused') throw thrownAgain(answer.error);
      if (answer.kind !== kind) throw new RangeError(`a thread answers ${answer.kind} in place of ${kind}`);
      return answer as Answer<Kind>;
    } finally {
      clearTimeout(this.#timer);
      this.#settle = undefined;
      this.#worker.unref();
    }
  }

  #hear(message: FromThread): void {
    clearTimeout(this.#timer);
    if (message.kind === 'slice') void this.#send(message);
    else this.#settle?.(message);
  }

  async #send({ part, start, end }: Answer<'slice'>): Promise<void> {
    let bytes: ArrayBuffer | undefined;
    try {
      bytes = await this.file.slice(start, end);
    } catch (error) {
      this.#fault = { error };
    }
    this.#worker.postMessage({ kind: 'part', part, bytes } satisfies ToThread);
    this.#wait();
  }

  /** From here on the thread computes. */
  #wait(): void {
    clearTimeout(this.#timer);
    const why = `nothing came of it for ${(this.patienceMs / 1000).toString()} s`;
    this.#timer = setTimeout(() => this.#settle?.(new Error(why)), this.patienceMs);
  }

  #damaged(cause: Error): TrainingError {
    const { source } = this;
    const what = `${source} is a Parquet file, and cannot be read: ${cause.message}`;
    return new TrainingError('VT7001', what, { source }, cause);
  }

  #stop(): void {
    void this.#worker.terminate();
  }
}
