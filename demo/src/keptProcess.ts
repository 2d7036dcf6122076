import { setTimeout as delay } from 'node:timers/promises';
import type { VeritrainError } from '@veritrain/client-sdk';
import { backoffMs } from '@veritrain/client-sdk/errors';
import type { RunningProgram } from '@veritrain/local';
import { LogFile } from './logFile.js';

interface KeepOptions<T extends RunningProgram> {
  /** What events call it. */
  readonly what: string;
  /** Starts it. On a restart it gets the process that it replaces. Each line of output goes to `log`. */
  readonly start: (log: (line: string) => void, before?: T) => Promise<T>;
  /** File of its log. */
  readonly log: string;
  readonly failed: (cause: unknown) => VeritrainError;
  /** It died for the `count`th time, and is started again. */
  readonly onRestart: (what: string, how: string, count: number) => void;
  /** It dies again and again, or its log cannot be written: the demo cannot go on. */
  readonly onGiveUp: (error: VeritrainError) => void;
  readonly signal?: AbortSignal;
}

const maxRestarts = 5;
const pauses = { firstMs: 200, longestMs: 5_000 };

/** Keeps a process running: if it dies, it is started again, each time after a longer pause. */
export class KeptProcess<T extends RunningProgram> {
  private readonly stopping = new AbortController();
  private restarts = 0;
  private restarting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: KeepOptions<T>,
    private readonly log: LogFile,
    private process: T,
  ) {}

  /** @throws what `failed` makes of a start that failed, or the signal's reason */
  static async start<T extends RunningProgram>(options: KeepOptions<T>): Promise<KeptProcess<T>> {
    const log = new LogFile(options.log, options.onGiveUp);
    try {
      const kept = new KeptProcess(options, log, await options.start(writer(log)));
      kept.watch();
      return kept;
    } catch (cause) {
      await log.end();
      options.signal?.throwIfAborted();
      throw options.failed(cause);
    }
  }

  get current(): T {
    return this.process;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.restarting;
    await this.process.stop();
    await this.log.end();
  }

  private watch(): void {
    void this.process.ended.then((how) => {
      if (!this.isStopping()) this.restarting = this.restart(how);
    });
  }

  /** On a terminal Ctrl-C reaches the process too: that end is no crash. */
  private isStopping(): boolean {
    return this.stopping.signal.aborted || this.options.signal?.aborted === true;
  }

  private async restart(end: number | string): Promise<void> {
    const { what, start, failed, onRestart, onGiveUp } = this.options;
    const how = typeof end === 'number' ? `exit status ${end}` : end;
    this.restarts += 1;
    try {
      if (this.restarts > maxRestarts) {
        const times = `${what} died ${this.restarts} times, at last with ${how}`;
        throw new Error(`${times}: ${this.process.lastWords()}`);
      }
      onRestart(what, how, this.restarts);
      await delay(backoffMs(this.restarts - 1, pauses), undefined, { signal: this.stopping.signal });
      this.process = await start(writer(this.log), this.process);
      if (this.isStopping()) await this.process.stop();
      else this.watch();
    } catch (cause) {
      if (!this.stopping.signal.aborted) onGiveUp(failed(cause));
    }
  }
}

const writer =
  (log: LogFile) =>
  (line: string): void =>
    log.write(line);
