import type { Collection } from './collections.js';

/** Characters of records that are kept: some thousand records. */
const maxCharacters = 2 ** 22;

/**
 * Records as their schemas read them, by their text. A round reads the same few records some forty times. What is kept
 * follows from the text alone, so every endorser still answers alike.
 */
export class Decoded {
  readonly #kept = new Map<Collection<unknown>, Map<string, unknown>>();
  #characters = 0;

  /** The record, frozen: the next transaction may get the same one. @throws ZodError for a text that the schema refuses */
  of<Value>(collection: Collection<Value>, json: string): Value {
    const known = this.#kept.get(collection)?.get(json);
    if (known !== undefined) return known as Value;
    const value = deepFreeze(collection.schema.parse(JSON.parse(json)));
    this.#keep(collection, json, value);
    return value;
  }

  #keep(collection: Collection<unknown>, json: string, value: unknown): void {
    if (json.length > maxCharacters) return;
    this.#characters += json.length;
    if (this.#characters > maxCharacters) {
      this.#kept.clear();
      this.#characters = json.length;
    }
    const ofCollection = this.#kept.get(collection) ?? new Map<string, unknown>();
    this.#kept.set(collection, ofCollection.set(json, value));
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) deepFreeze(field);
    Object.freeze(value);
  }
  return value;
}
