import {
  type InputOf,
  type OutputOf,
  type TransactionName,
  transactions,
} from '@veritrain/client-sdk/protocol';
import { transactionOf, type Call, type ContractCall } from '../calls.js';
import type { PreparedIdentity } from '../preparedMarket.js';

/** A transaction that a story waits for. */
export interface Step {
  readonly call: Call | ContractCall;
  /** Number of the story, which counts in the order in which they began. */
  readonly story: number;
  /** How often it failed. */
  failures: number;
  /** Hands the contract's answer to the story, which goes on. */
  readonly resolve: (answer: Uint8Array) => void;
  /** Ends the story. */
  readonly reject: (error: Error) => void;
}

/** Has a transaction of a story sent when the workload gets to it. Rejects where it fails again and again. */
export type Enqueue = (call: Call | ContractCall) => Promise<Uint8Array>;

/** The same for the market's transactions, each with its own input and output. */
export type Submit = <Name extends TransactionName>(
  member: PreparedIdentity,
  transaction: Name,
  input: InputOf<Name>,
) => Promise<OutputOf<Name>>;

export const submitBy =
  (enqueue: Enqueue): Submit =>
  async (member, transaction, input) => {
    const answer = await enqueue({ member, transaction, input });
    return transactions[transaction].output.parse(JSON.parse(Buffer.from(answer).toString())) as OutputOf<
      typeof transaction
    >;
  };

/**
 * The steps that stories wait for, those of the oldest story first. A young story gets what the older ones leave: were
 * its many first steps sent as they come, more and more stories would begin, and few would end.
 */
export class StepQueue {
  readonly #ready: Step[] = [];
  readonly #held: Step[] = [];

  /** @param hold steps of this transaction are kept aside */
  constructor(private readonly hold?: TransactionName) {}

  /** The steps of one story go through a function of its own. */
  readonly enqueueFor =
    (story: number): Enqueue =>
    (call) =>
      new Promise((resolve, reject) => this.add({ call, story, failures: 0, resolve, reject }));

  add(step: Step): void {
    if (transactionOf(step.call) === this.hold) {
      this.#held.push(step);
      return;
    }
    const before = this.#ready.findLastIndex(({ story }) => story <= step.story);
    this.#ready.splice(before + 1, 0, step);
  }

  /** Of the oldest story that has one the step that has waited longest. */
  next(): Step | undefined {
    return this.#ready.shift();
  }

  nextHeld(): Step | undefined {
    return this.#held.shift();
  }

  get heldCount(): number {
    return this.#held.length;
  }
}
