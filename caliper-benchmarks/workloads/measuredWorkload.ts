import {
  CaliperUtils,
  ConfigUtil,
  WorkloadModuleBase,
  type SutAdapter,
  type TxStatus,
} from '@hyperledger/caliper-core';
import { qualifiedName, type InputOf, type TransactionName } from '@veritrain/client-sdk';
import { castOf, readPreparedMarket, type Cast, type Member } from './preparedMarket.js';
import { defaultResults, resultsVariable, writeSamples, type Sample } from './samples.js';

/** One transaction that a member sends. */
export interface Call<Name extends TransactionName = TransactionName> {
  readonly member: Member;
  readonly transaction: Name;
  readonly input: InputOf<Name>;
}

/**
 * A workload of one worker, which acts for members of its own. It notes each transaction's latency and outcome, of which
 * Caliper's reports give sums only, and writes them down at the end of the round.
 */
export abstract class MeasuredWorkload extends WorkloadModuleBase {
  readonly #samples: Sample[] = [];
  #failure: string | null = null;
  #cast: Cast | undefined;

  protected get cast(): Cast {
    if (this.#cast === undefined) throw new Error('The workload is not initialised yet.');
    return this.#cast;
  }

  override async initializeWorkloadModule(
    workerIndex: number,
    totalWorkers: number,
    roundIndex: number,
    roundArguments: unknown,
    sutAdapter: SutAdapter,
    sutContext: unknown,
  ): Promise<void> {
    await super.initializeWorkloadModule(
      workerIndex,
      totalWorkers,
      roundIndex,
      roundArguments,
      sutAdapter,
      sutContext,
    );
    const networkConfig = CaliperUtils.resolvePath(ConfigUtil.get(ConfigUtil.keys.NetworkConfig));
    this.#cast = castOf(readPreparedMarket(networkConfig), workerIndex);
    await this.prepare();
  }

  /** Called by Caliper at the rate that its rate controller keeps. @throws whatever ends the round */
  async submitTransaction(): Promise<void> {
    try {
      await this.sendNext();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** Sends one transaction. @throws Error where the workload cannot go on */
  protected abstract sendNext(): Promise<void>;

  /** What has to be so before the round begins. Nothing of it is measured. */
  protected prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends a transaction that is measured. */
  protected async measure(call: Call): Promise<TxStatus> {
    const status = await this.send(call);
    const createdAt = status.GetTimeCreate();
    this.#samples.push({
      transaction: call.transaction,
      transactionId: status.GetID() ?? null,
      createdAt,
      latencyMs: status.GetTimeFinal() - createdAt,
      committed: status.IsCommitted(),
    });
    return status;
  }

  /** Sends a transaction, or with `readOnly` asks one peer. */
  protected send({ member, transaction, input }: Call, readOnly = false): Promise<TxStatus> {
    const { channel, chaincode } = this.cast.place;
    return this.sutAdapter.sendRequests({
      channel,
      contractId: chaincode,
      contractFunction: qualifiedName(transaction),
      contractArguments: [JSON.stringify(input)],
      invokerMspId: member.mspId,
      invokerIdentity: member.identity,
      readOnly,
    });
  }

  override cleanupWorkloadModule(): Promise<void> {
    const folder = CaliperUtils.resolvePath(process.env[resultsVariable] ?? defaultResults);
    writeSamples(folder, {
      round: this.roundIndex,
      worker: this.workerIndex,
      samples: this.#samples,
      failure: this.#failure,
    });
    return Promise.resolve();
  }
}
