import { canonicalJson } from '../domain/index.js';

/** Whether a record holds exactly what is asked for, in the fields that were asked for. */
export function holds(record: object, wanted: object): boolean {
  const kept = Object.fromEntries(
    Object.keys(wanted).map((key) => [key, (record as Record<string, unknown>)[key]]),
  );
  return canonicalJson(kept) === canonicalJson(wanted);
}
