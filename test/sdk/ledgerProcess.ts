import { type LedgerProcess as RunningLedger, startEmbeddedLedger } from '@veritrain/local';
import { type LedgerAddresses, chaincodeFolder } from './testMarket.js';

/** The embedded ledger as a process that a test may kill and start again on the same data and ports. */
export class LedgerProcess {
  #running: RunningLedger | undefined;

  constructor(private readonly data: string) {}

  async start(): Promise<LedgerAddresses> {
    const ledger = await startEmbeddedLedger({ chaincode: chaincodeFolder, data: this.data });
    this.#running = ledger;
    void ledger.ended.then(() => (this.#running = undefined));
    return ledger;
  }

  /** Of the running process. */
  get processId(): number | undefined {
    return this.#running?.processId;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await (signal === 'SIGKILL' ? this.#running?.kill() : this.#running?.stop());
  }
}
