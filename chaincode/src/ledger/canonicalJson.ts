type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON with sorted keys and no spaces: every endorser writes the same bytes for the same value. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => sorted(each));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, each]) => (each as unknown) !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** Whether a record holds exactly what is asked for, in the fields that were asked for. */
export function holds(record: object, wanted: object): boolean {
  const kept = Object.fromEntries(
    Object.keys(wanted).map((key) => [key, (record as Record<string, unknown>)[key]]),
  );
  return canonicalJson(kept) === canonicalJson(wanted);
}
