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
  /** Number of the story, in starting order. */
  readonly story: number;
  /** Number of its failures. */
  failures: number;
  /** Passes the contract's answer to the story, which continues. */
  readonly resolve: (answer: Uint8Array) => void;
  /** Ends the story. */
  readonly reject: (error: Error) => void;
}

/** Queues a transaction of a story. The workload sends it in turn. Rejects if it fails repeatedly. */
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
 * The steps that stories wait for, those of the oldest story first. Younger stories get the remaining capacity. If
 * their many first steps were sent in order of arrival, more and more stories would begin, and few would end.
 */
export class StepQueue {
  readonly #ready: Step[] = [];
  readonly #held: Step[] = [];

  /** @param hold steps of this transaction are kept aside */
  constructor(private readonly hold?: TransactionName) {}

  /** Returns a separate enqueue function for each story. */
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

  /** The longest waiting step of the oldest story that has one. */
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
