import { transactions, type InputOf, type OutputOf, type TransactionName } from '@veritrain/client-sdk';
import type { Call } from '../measuredWorkload.js';
import type { Member } from '../preparedMarket.js';

/** A transaction that a story waits for. */
export interface Step {
  readonly call: Call;
  /** How often it failed. */
  failures: number;
  /** Hands the contract's answer to the story, which goes on. */
  readonly resolve: (answer: Uint8Array) => void;
  /** Ends the story. */
  readonly reject: (error: Error) => void;
}

/** Has a member's transaction sent when the workload gets to it. Rejects where it fails again and again. */
export type Submit = <Name extends TransactionName>(
  member: Member,
  transaction: Name,
  input: InputOf<Name>,
) => Promise<OutputOf<Name>>;

/** The steps that stories wait for, in the order in which they became ready. */
export class StepQueue {
  readonly #ready: Step[] = [];
  readonly #held: Step[] = [];

  /** @param hold steps of this transaction are kept aside */
  constructor(private readonly hold?: TransactionName) {}

  readonly submit: Submit = (member, transaction, input) =>
    new Promise((resolve, reject) => {
      const parsed = (answer: Uint8Array): OutputOf<typeof transaction> =>
        transactions[transaction].output.parse(JSON.parse(Buffer.from(answer).toString())) as OutputOf<
          typeof transaction
        >;
      this.add({
        call: { member, transaction, input },
        failures: 0,
        resolve: (answer) => resolve(parsed(answer)),
        reject,
      });
    });

  add(step: Step): void {
    (step.call.transaction === this.hold ? this.#held : this.#ready).push(step);
  }

  /** The step that has waited longest. */
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
