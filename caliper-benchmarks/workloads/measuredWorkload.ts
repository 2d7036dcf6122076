import {
  CaliperUtils,
  ConfigUtil,
  WorkloadModuleBase,
  type SutAdapter,
  type TxStatus,
} from '@hyperledger/caliper-core';
import { qualifiedName } from '@veritrain/client-sdk/protocol';
import { transactionOf, type Call, type ContractCall } from './calls.js';
import {
  castOf,
  readPreparedMarket,
  readPreparedNetwork,
  type Cast,
  type PreparedMarket,
} from './preparedMarket.js';
import { defaultResults, resultsVariable, writeSamples, type FinishedStory, type Sample } from './samples.js';

/**
 * A workload of one worker with its own members. It records each transaction's latency and outcome, of which Caliper's
 * reports give only sums, and writes them to a file at the end of the round.
 */
export abstract class MeasuredWorkload extends WorkloadModuleBase {
  readonly #samples: Sample[] = [];
  readonly #stories: FinishedStory[] = [];
  #failure: string | null = null;
  #market: PreparedMarket | undefined;
  #cast: Cast | undefined;

  get #networkConfig(): string {
    return CaliperUtils.resolvePath(ConfigUtil.get(ConfigUtil.keys.NetworkConfig));
  }

  /** @throws Error if the network has no market */
  protected get market(): PreparedMarket {
    return (this.#market ??= readPreparedMarket(this.#networkConfig));
  }

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
    this.#cast = castOf(readPreparedNetwork(this.#networkConfig), workerIndex);
    await this.prepare();
  }

  /** Called by Caliper at the rate of its rate controller. @throws an error that ends the round */
  async submitTransaction(): Promise<void> {
    try {
      await this.sendNext();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** Sends one transaction, or none if there is none to send yet. @throws Error if the workload cannot continue */
  protected abstract sendNext(): Promise<void>;

  /** Prepares the round. Nothing here is measured. */
  protected prepare(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Sends a measured transaction.
   * @param story number of the transaction's story
   */
  protected async measure(call: Call | ContractCall, story?: number): Promise<TxStatus> {
    const status = await this.send(call);
    const createdAt = status.GetTimeCreate();
    this.#samples.push({
      transaction: transactionOf(call),
      transactionId: status.GetID() ?? null,
      createdAt,
      latencyMs: status.GetTimeFinal() - createdAt,
      committed: status.IsCommitted(),
      ...(story === undefined ? {} : { story }),
    });
    return status;
  }

  /** Records that a story is complete. */
  protected noteFinished(story: FinishedStory): void {
    this.#stories.push(story);
  }

  /** Sends a transaction, or with `readOnly` queries one peer. */
  protected send(call: Call | ContractCall, readOnly = false): Promise<TxStatus> {
    const { member, contractId, contractFunction, argument } =
      'contractId' in call ? call : this.#ofMarket(call);
    return this.sutAdapter.sendRequests({
      channel: this.cast.place.channel,
      contractId,
      contractFunction,
      contractArguments: [argument],
      invokerMspId: member.mspId,
      invokerIdentity: member.identity,
      readOnly,
    });
  }

  #ofMarket({ member, transaction, input }: Call): ContractCall {
    return {
      member,
      contractId: this.cast.place.chaincode,
      contractFunction: qualifiedName(transaction),
      argument: JSON.stringify(input),
    };
  }

  override cleanupWorkloadModule(): Promise<void> {
    const folder = CaliperUtils.resolvePath(process.env[resultsVariable] ?? defaultResults);
    writeSamples(folder, {
      round: this.roundIndex,
      worker: this.workerIndex,
      samples: this.#samples,
      stories: this.#stories,
      failure: this.#failure,
    });
    return Promise.resolve();
  }
}
