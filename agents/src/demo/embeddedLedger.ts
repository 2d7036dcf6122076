import { createWriteStream, type WriteStream } from 'node:fs';
import { AgentsError } from '../actions/agentsError.js';
import { type LedgerProcess, startEmbeddedLedger } from '../wiring.js';
import { type DemoLedger, type DemoLedgerOptions, organizations } from './ledger.js';

const mostRestarts = 3;

/** The embedded ledger as the demo keeps it: started again, on the same port and data, should it die. */
export class EmbeddedLedger implements DemoLedger {
  private stopping = false;
  private restarts = 0;

  private constructor(
    private readonly options: DemoLedgerOptions,
    private readonly log: WriteStream,
    private process: LedgerProcess,
  ) {}

  /** @throws AgentsError LEDGER_FAILED with its last words */
  static async start(options: DemoLedgerOptions): Promise<DemoLedger> {
    const log = createWriteStream(options.log, { flags: 'a' });
    const ledger = new EmbeddedLedger(options, log, await start(options, log));
    ledger.watch();
    return ledger;
  }

  get description(): string {
    return `embedded, ${organizations} organisations, majority endorses, ${this.process.gateway}`;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process.stop();
    await new Promise((resolve) => this.log.end(resolve));
  }

  private watch(): void {
    void this.process.ended.then((how) => (this.isStopping() ? undefined : this.restart(how.toString())));
  }

  /** On a terminal Ctrl-C reaches the ledger as well: that is no death. */
  private isStopping(): boolean {
    return this.stopping || this.options.signal.aborted;
  }

  private async restart(how: string): Promise<void> {
    this.restarts += 1;
    try {
      if (this.restarts > mostRestarts)
        throw new Error(`it died ${this.restarts} times, at last with ${how}`);
      this.options.onRestart('the ledger', how);
      this.process = await start(this.options, this.log, this.process);
      if (this.isStopping()) await this.process.stop();
      else this.watch();
    } catch (cause) {
      this.options.onGiveUp(failed(cause));
    }
  }
}

async function start(
  { data, signal }: DemoLedgerOptions,
  log: WriteStream,
  before?: LedgerProcess,
): Promise<LedgerProcess> {
  try {
    return await startEmbeddedLedger({
      data,
      organizations,
      endorse: 'majority',
      port: before === undefined ? 0 : portOf(before.gateway),
      caPort: before === undefined ? 0 : portOf(before.ca),
      log: (line) => {
        // What it wrote last may come after its end.
        if (!log.writableEnded) log.write(`${line}\n`);
      },
      signal,
    });
  } catch (cause) {
    throw signal.aborted ? (signal.reason as Error) : failed(cause);
  }
}

const portOf = (address: string): number => Number(address.split(':').at(-1)?.replace(/\D.*$/, ''));

const failed = (cause: unknown): AgentsError =>
  new AgentsError('VT9603', cause instanceof Error ? cause.message : 'The ledger stopped.', { cause });
