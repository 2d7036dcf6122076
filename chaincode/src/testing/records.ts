import { indexes, records, type Collection } from '../ledger/collections.js';
import type { MemoryLedger } from './memoryLedger.js';

/** All records of a kind, with their key parts, checked against the schema. */
export function recordsOf<Value>(
  ledger: MemoryLedger,
  collection: Collection<Value>,
): { readonly key: readonly string[]; readonly value: Value }[] {
  const prefix = `\u0000${collection.name}\u0000`;
  return [...ledger.state.entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, { value }]) => ({
      key: key.slice(prefix.length).split('\u0000').slice(0, -1),
      value: collection.schema.parse(JSON.parse(value.toString('utf8'))),
    }));
}

/** Every key on the ledger belongs to a known kind. */
export function unknownKeys(ledger: MemoryLedger): string[] {
  const known = new Set<string>(
    [...Object.values(records), ...Object.values(indexes)].map((each) => each.name),
  );
  return [...ledger.state.keys()].filter((key) => !known.has(key.split('\u0000')[1] ?? ''));
}
