import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { MAX_SETUP_SUBSETS, writeSetupFlags } from '../messages/setupFlags.js';
import type { MessageShape, ModelFamily } from '../models/family.js';

/** Which subsets owe their set-up, by the family's state. None does in a family without one. */
export class OwedSetups {
  readonly #family: ModelFamily;
  readonly #subsets: number;
  readonly #isUsed: boolean;

  /** @throws TrainingError VT7501 for more subsets than a query has flags for */
  constructor(family: ModelFamily, { setup }: MessageShape, { subsetRows }: Template) {
    this.#family = family;
    this.#subsets = subsetRows.length;
    this.#isUsed = setup > 0;
    if (!this.#isUsed || this.#subsets <= MAX_SETUP_SUBSETS) return;
    throw new TrainingError('VT7501', `this family takes at most ${MAX_SETUP_SUBSETS} subsets`, {
      subsets: this.#subsets,
    });
  }

  owes(state: unknown, subset: number): boolean {
    return this.#isUsed && this.#family.setup?.isKnown(state, subset) === false;
  }

  /** For the query that follows from the state; empty in a family without set-ups. */
  flags(state: unknown): Uint8Array {
    if (!this.#isUsed) return new Uint8Array(0);
    const subsets = Array.from({ length: this.#subsets }, (_, subset) => subset);
    return writeSetupFlags(subsets.filter((subset) => this.owes(state, subset)));
  }
}
