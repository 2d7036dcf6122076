import type { TxStatus } from '@hyperledger/caliper-core';
import {
  encodeLocation,
  transactions,
  type MarketSettings,
  type OutputOf,
  type TransactionName,
} from '@veritrain/client-sdk';
import { MeasuredWorkload } from './measuredWorkload.js';
import { playCouple } from './story/couple.js';
import { digestFor } from './story/digests.js';
import type { Shape } from './story/shape.js';
import type { Stage } from './story/stage.js';
import { StepQueue, type Step } from './story/stepQueue.js';

const maxFailures = 10;
const firstBackoffMs = 50;
const maxBackoffMs = 1_000;

/** A workload whose transactions are steps of couples' stories. */
export abstract class StoryWorkload extends MeasuredWorkload {
  protected queue = new StepQueue();
  #stage: Stage | undefined;
  /** The first reason for which a story broke off. */
  #broken: Error | undefined;

  /**
   * Gets ready to start couples.
   * @param hold steps of this transaction are kept aside
   * @returns the market's settings
   */
  protected async openStage(shape: Shape, hold?: TransactionName): Promise<MarketSettings> {
    const { cast } = this;
    if (cast.hosts.length < shape.replicas) {
      throw new Error(
        `${shape.replicas} replicas need as many hosts, and a worker has ${cast.hosts.length}: npm run prepare-network -- --replicas ${shape.replicas} …`,
      );
    }
    this.queue = new StepQueue(hold);
    const { settings } = await this.#readConfig();
    this.#stage = {
      cast,
      shape,
      settings,
      sealedLocation: await this.#sealLocation(),
      submit: this.queue.submit,
    };
    return settings;
  }

  async #readConfig(): Promise<OutputOf<'GetConfig'>> {
    const call = { member: this.cast.dataOwner, transaction: 'GetConfig', input: {} } as const;
    const status = await this.send(call, true);
    if (!status.IsCommitted()) throw new Error('The market does not answer; Caliper’s log says why.');
    return transactions.GetConfig.output.parse(JSON.parse(Buffer.from(status.GetResult()).toString()));
  }

  #sealLocation(): Promise<string> {
    const { keyring } = this.cast.modelOwner;
    const location = {
      handle: keyring.handle('update'),
      digest: digestFor('update'),
      key: keyring.derive('update'),
    };
    return keyring.seal(keyring.encryptionKey, encodeLocation(location));
  }

  /** Another couple begins. Its first steps are ready when this returns. */
  protected startCouple(): void {
    if (this.#stage === undefined) throw new Error('There is no stage yet.');
    playCouple(this.#stage).catch((error: unknown) => {
      this.#broken ??= error instanceof Error ? error : new Error(String(error));
    });
  }

  /** Lets the story of a step go on, or tries the step again later, as agents do: after a conflict, with jitter. */
  protected settle(step: Step, status: TxStatus): void {
    if (status.IsCommitted()) {
      step.resolve(Buffer.from(status.GetResult()));
      return;
    }
    step.failures += 1;
    if (step.failures === maxFailures) {
      const times = `${step.call.transaction} failed ${maxFailures} times`;
      step.reject(new Error(`${times}; Caliper’s log says why.`));
      return;
    }
    const longest = Math.min(maxBackoffMs, firstBackoffMs * 2 ** step.failures);
    setTimeout(() => this.queue.add(step), Math.random() * longest).unref();
  }

  /** @throws Error once a story broke off: what is measured would not be the whole protocol any more. */
  protected checkStories(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}
