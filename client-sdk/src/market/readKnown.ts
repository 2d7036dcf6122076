import { changeTypes, eventSchemaVersion, type MarketChange, marketEvent } from '@veritrain/chaincode/domain';
import { z } from 'zod';

/**
 * What the contract said, as far as this client knows it. The contract is upgraded for all members at once, their
 * clients are not: a field that a newer contract added is left out.
 *
 * @throws SyntaxError, or ZodError for what lacks something or has it in another shape
 */
export const readKnown = <T>(schema: z.ZodType<T>, bytes: Uint8Array): T =>
  parseKnown(schema, parseJson(bytes));

const knownTypes: ReadonlySet<string> = new Set(changeTypes);

/** An event of whatever contract: its version is of this client, its changes may be of types that are not. */
const anyEvent = z.looseObject({
  schemaVersion: z.literal(eventSchemaVersion),
  changes: z.array(z.looseObject({ type: z.string() })),
});

/**
 * The changes of an event. One of a type that a newer contract added is passed over: it says nothing to this client.
 *
 * @throws SyntaxError, or ZodError for a change of a known type that lacks something or has it in another shape
 */
export function readKnownChanges(bytes: Uint8Array): readonly MarketChange[] {
  const said = anyEvent.parse(parseJson(bytes));
  const changes = said.changes.filter(({ type }) => knownTypes.has(type));
  return changes.length === 0 ? [] : parseKnown(marketEvent, { ...said, changes }).changes;
}

const parseJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

function parseKnown<T>(schema: z.ZodType<T>, said: unknown): T {
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
