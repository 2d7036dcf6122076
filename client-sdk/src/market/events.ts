import { join } from 'node:path';
import { type ChangeType, type MarketChange, marketEventName } from '@veritrain/chaincode/domain';
import { throwIfAborted } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';
import type { ChaincodeEvent, EventPosition, Ledger } from '../ledger/types.js';
import { fileCheckpoint } from '../storage/checkpoint.js';
import type { CallOptions } from './calls.js';
import { readKnownChanges } from './readKnown.js';
import { summarise } from './summary.js';

/** A change that a committed transaction made, with where it stands and what it means in one sentence. */
export type CommittedChange<T extends ChangeType = ChangeType> = Extract<
  MarketChange,
  {
    /** What changed. */
    type: T;
  }
> & {
  /** What it means, in one sentence. */
  readonly summary: string;
  /** The transaction that made it. */
  readonly transactionId: string;
  /** The block of the transaction. */
  readonly blockNumber: bigint;
};

/** What to watch, and from where on. */
export interface WatchOptions<T extends ChangeType = ChangeType> extends CallOptions {
  /**
   * A name, unique to this reader in its profile. How far it has come is kept in a file under the profile's home, so
   * that a reader that starts again misses nothing; what it was handling when it stopped comes once more.
   */
  readonly checkpoint?: string | undefined;
  /** Where a reader without a checkpoint begins: the first block (default), a given one, or the next to come. */
  readonly fromBlock?: bigint | 'next' | undefined;
  /** Only changes of these types. */
  readonly types?: readonly T[] | undefined;
  /** Only changes that name this couple. */
  readonly coupleId?: string | undefined;
  /** Only changes that name this dataset. */
  readonly datasetId?: string | undefined;
}

/** The changes of a market. */
export interface MarketEvents {
  /**
   * All changes of the market in the order in which they happened, for as long as the caller reads. It reconnects by
   * itself. Every change comes at least once, so handlers are idempotent. Changes of types that a newer contract added
   * are passed over.
   *
   * @throws ABORTED when the signal fires, ACCESS_DENIED, ANSWER_INVALID for a change that is not of its type's form.
   */
  watch<T extends ChangeType = ChangeType>(
    options?: WatchOptions<T>,
  ): AsyncGenerator<CommittedChange<T>, void, undefined>;
}

const checkpointName = /^[0-9a-z][0-9a-z-]{0,62}$/;

export function eventsOf(ledger: Ledger, home: string): MarketEvents {
  return { watch: (options = {}) => watch(ledger, home, options) };
}

async function* watch<T extends ChangeType>(
  ledger: Ledger,
  home: string,
  { checkpoint, fromBlock, types, coupleId, datasetId, signal }: WatchOptions<T>,
): AsyncGenerator<CommittedChange<T>, void, undefined> {
  throwIfAborted(signal);
  const store = checkpoint === undefined ? undefined : fileCheckpoint(checkpointPath(home, checkpoint));
  const start = (await store?.read()) ?? (await startOf(ledger, fromBlock, signal));
  for await (const event of ledger.events(start, { signal })) {
    for (const change of changesOf(event)) {
      if (isOfType(change, types) && names(change, { coupleId, datasetId })) yield change;
    }
    // The reader asked for more, so it is done with this transaction.
    await store?.write({ blockNumber: event.blockNumber, transactionId: event.transactionId });
  }
}

async function startOf(
  ledger: Ledger,
  fromBlock: bigint | 'next' = 0n,
  signal?: AbortSignal,
): Promise<EventPosition> {
  // Asked for instead of left open: a stream that breaks before its first event goes on from here, too.
  return { blockNumber: fromBlock === 'next' ? await ledger.height({ signal }) : fromBlock };
}

function checkpointPath(home: string, name: string): string {
  if (checkpointName.test(name)) return join(home, 'checkpoints', `${name}.json`);
  throw sdkError('VT8004', 'A checkpoint is named with a-z, 0-9 and -.', { facts: { checkpoint: name } });
}

function isOfType<T extends ChangeType>(
  change: CommittedChange,
  types: readonly T[] | undefined,
): change is CommittedChange<T> {
  return types === undefined || types.some((type) => type === change.type);
}

const names = (change: CommittedChange, ids: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(ids).every(([field, id]) => id === undefined || Reflect.get(change, field) === id);

function changesOf({ eventName, payload, transactionId, blockNumber }: ChaincodeEvent): CommittedChange[] {
  if (eventName !== marketEventName) return [];
  try {
    return readKnownChanges(payload).map((change) => ({
      ...change,
      summary: summarise(change),
      transactionId,
      blockNumber,
    }));
  } catch (cause) {
    throw sdkError('VT8006', 'An event of the contract does not follow its schema.', {
      transactionId,
      cause,
    });
  }
}

/** The changes that end a couple, one for each final state. */
export const coupleEndings: ReadonlySet<ChangeType> = new Set([
  'TrainingRejected',
  'TrainingCancelled',
  'TrainingFinished',
]);

/** A couple's changes from its request on; ends with the change that ends the couple. */
export async function* watchCouple(
  events: MarketEvents,
  coupleId: string,
  options: CallOptions & { readonly fromBlock?: bigint | undefined } = {},
): AsyncGenerator<CommittedChange, void, undefined> {
  for await (const change of events.watch({ ...options, coupleId })) {
    yield change;
    if (coupleEndings.has(change.type)) return;
  }
}
