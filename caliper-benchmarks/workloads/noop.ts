import { MeasuredWorkload } from './measuredWorkload.js';

/** A submitted query: the ledger does the full work of a transaction, but the contract writes nothing. */
class NoopWorkload extends MeasuredWorkload {
  protected override async sendNext(): Promise<void> {
    await this.measure({ member: this.cast.dataOwner, transaction: 'GetClock', input: {} });
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): NoopWorkload => new NoopWorkload();
