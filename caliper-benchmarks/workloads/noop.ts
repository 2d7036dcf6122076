import { MeasuredWorkload } from './measuredWorkload.js';

/** A query that is submitted: the ledger does all that a transaction costs it, and the contract writes nothing. */
class NoopWorkload extends MeasuredWorkload {
  protected override async sendNext(): Promise<void> {
    await this.measure({ member: this.cast.dataOwner, transaction: 'GetClock', input: {} });
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): NoopWorkload => new NoopWorkload();
