import type { z } from 'zod';

/**
 * What the contract said, as far as this client knows it. The contract is upgraded for all members at once, their
 * clients are not: a field that a newer contract added is left out.
 *
 * @throws SyntaxError, or ZodError for what lacks something or has it in another shape
 */
export function readKnown<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  const said: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const read = schema.safeParse(said);
  if (read.success) return read.data;
  for (const issue of read.error.issues)
    if (issue.code === 'unrecognized_keys') leaveOut(said, issue.path, issue.keys);
  return schema.parse(said);
}

function leaveOut(said: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  let holder = said;
  for (const key of path) if (isObject(holder)) holder = Reflect.get(holder, key);
  if (isObject(holder)) for (const key of keys) Reflect.deleteProperty(holder, key);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
