import { TrainingError } from '../errors.js';
import { MAX_SETUP_SUBSETS, writeSetupFlags } from '../messages/setupFlags.js';
import type { MessageShape, ModelFamily } from '../models/family.js';

/** Which subsets owe their set-up, by the family's state; those of a batch alike. None does in a family without one. */
export class OwedSetups {
  readonly #family: ModelFamily;
  readonly #groups: readonly (readonly number[])[];
  readonly #isUsed: boolean;

  /** @throws TrainingError VT7501 for more subsets than a query has flags for */
  constructor(family: ModelFamily, { setup }: MessageShape, groups: readonly (readonly number[])[]) {
    this.#family = family;
    this.#groups = groups;
    this.#isUsed = setup > 0;
    const subsets = groups.flat().length;
    if (!this.#isUsed || subsets <= MAX_SETUP_SUBSETS) return;
    throw new TrainingError('VT7501', `this family takes at most ${MAX_SETUP_SUBSETS} subsets`, { subsets });
  }

  owes(state: unknown, group: number): boolean {
    return this.#isUsed && this.#family.setup?.isKnown(state, group) === false;
  }

  /** For the query that follows from the state; empty in a family without set-ups. */
  flags(state: unknown): Uint8Array {
    if (!this.#isUsed) return new Uint8Array(0);
    return writeSetupFlags(this.#groups.filter((_, group) => this.owes(state, group)).flat());
  }
}
