import type { VeritrainError } from '@veritrain/client-sdk';
import { LogFile } from './logFile.js';

/** A process that can be started again. */
interface Startable {
  /** How it ended, once it did: an exit status or a signal's name. */
  readonly ended: Promise<number | string>;
  stop(): Promise<void>;
}

interface KeepOptions<T extends Startable> {
  /** What events call it. */
  readonly what: string;
  /** Starts it. On a restart it gets the process that it replaces. Each line of output goes to `log`. */
  readonly start: (log: (line: string) => void, before?: T) => Promise<T>;
  /** File of its log. */
  readonly log: string;
  readonly failed: (cause: unknown) => VeritrainError;
  /** It died, and is started again. */
  readonly onRestart: (what: string, how: string) => void;
  readonly onGiveUp: (error: VeritrainError) => void;
  readonly signal: AbortSignal;
}

const maxRestarts = 3;

/** Keeps a process running: if it dies, it is started again. */
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

  /** On a terminal Ctrl-C reaches the process too: that end is no crash. */
  private isStopping(): boolean {
    return this.stopping || this.options.signal.aborted;
  }

  private async restart(how: string): Promise<void> {
    const { what, start, failed, onRestart, onGiveUp } = this.options;
    this.restarts += 1;
    try {
      if (this.restarts > maxRestarts) throw new Error(`it died ${this.restarts} times, at last with ${how}`);
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
