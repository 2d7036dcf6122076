import { canonicalJson } from '../domain/index.js';

/** Whether a record has exactly the given values in the given fields. */
export function holds(record: object, wanted: object): boolean {
  const kept = Object.fromEntries(
    Object.keys(wanted).map((key) => [key, (record as Record<string, unknown>)[key]]),
  );
  return canonicalJson(kept) === canonicalJson(wanted);
}
