import type { Chance } from './chance.js';

/** The package as its users import it. Tests bring the sources, the command what was built. */
export type Training = typeof import('@veritrain/training');

/** A reader of something that comes from others, and what follows when it takes a mutated one. */
export interface Target {
  readonly name: string;
  /** Its share of all inputs: small where what follows costs encryption. */
  readonly weight: number;
  /**
   * Makes one mutated input, and reads it and goes on with it as an agent would.
   * @throws TrainingError where it is refused
   */
  run(chance: Chance): Promise<void>;
}

/** A property that a mutated input broke. */
export class Broken extends Error {}

/** Whether a number, and every number in a document, is one that JSON can write. */
export function requireFinite(value: unknown, what: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Broken(`${what} holds ${value}`);
  if (value !== null && typeof value === 'object')
    for (const part of Object.values(value)) requireFinite(part, what);
}
