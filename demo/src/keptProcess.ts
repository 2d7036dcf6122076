import type { VeritrainError } from '@veritrain/client-sdk';
import { LogFile } from './logFile.js';

/** A process as its starter knows it. */
export interface Startable {
  /** How it ended, once it did: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  stop(): Promise<void>;
}

export interface KeepOptions<T extends Startable> {
  /** What it is, in words. */
  readonly what: string;
  /** Starts it; the second time on, in the place of the one before. Each line that it writes goes to `log`. */
  readonly start: (log: (line: string) => void, before?: T) => Promise<T>;
  /** File that its own words go to. */
  readonly log: string;
  readonly failed: (cause: unknown) => VeritrainError;
  /** It died, and is started again. */
  readonly onRestart: (what: string, how: string) => void;
  readonly onGiveUp: (error: VeritrainError) => void;
  readonly signal: AbortSignal;
}

const mostRestarts = 3;

/** A process as the demo keeps it: started again should it die. */
export class KeptProcess<T extends Startable> {
  private stopping = false;
  private restarts = 0;
  private restarting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: KeepOptions<T>,
    private readonly log: LogFile,
    private process: T,
  ) {}

  /** @throws what `failed` makes of a start that failed, or the signal's reason */
  static async start<T extends Startable>(options: KeepOptions<T>): Promise<KeptProcess<T>> {
    const log = new LogFile(options.log, options.onGiveUp);
    try {
      const kept = new KeptProcess(options, log, await options.start(writer(log)));
      kept.watch();
      return kept;
    } catch (cause) {
      await log.end();
      throw options.signal.aborted ? (options.signal.reason as Error) : options.failed(cause);
    }
  }

  get current(): T {
    return this.process;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.restarting;
    await this.process.stop();
    await this.log.end();
  }

  private watch(): void {
    void this.process.ended.then((how) => {
      if (!this.isStopping()) this.restarting = this.restart(how.toString());
    });
  }

  /** On a terminal Ctrl-C reaches it as well: that is no death. */
  private isStopping(): boolean {
    return this.stopping || this.options.signal.aborted;
  }

  private async restart(how: string): Promise<void> {
    const { what, start, failed, onRestart, onGiveUp } = this.options;
    this.restarts += 1;
    try {
      if (this.restarts > mostRestarts)
        throw new Error(`it died ${this.restarts} times, at last with ${how}`);
      onRestart(what, how);
      this.process = await start(writer(this.log), this.process);
      if (this.isStopping()) await this.process.stop();
      else this.watch();
    } catch (cause) {
      onGiveUp(failed(cause));
    }
  }
}

const writer =
  (log: LogFile) =>
  (line: string): void =>
    log.write(line);
