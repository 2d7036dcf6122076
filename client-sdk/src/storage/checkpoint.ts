import { z } from 'zod';
import type { EventPosition } from '../ledger/types.js';
import { readTextIfAny, writeFileAtomic } from './files.js';

/** Where a reader of events remembers how far it has come. */
export interface Checkpoint {
  /** How far the reader has come; undefined before the first write. */
  read(): Promise<EventPosition | undefined>;
  /** Remembers how far the reader has come. */
  write(position: EventPosition): Promise<void>;
}

const fileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  blockNumber: z.string().regex(/^\d+$/),
  transactionId: z.string().min(1).optional(),
});

/**
 * A checkpoint in a small file, replaced atomically at each write. A file that cannot be parsed counts as none: events
 * come at least once, so a reader that starts from the first block again does nothing twice.
 */
export function fileCheckpoint(path: string): Checkpoint {
  return {
    read: () => Promise.resolve().then(() => readPosition(path)),
    write: ({ blockNumber, transactionId }) =>
      writeFileAtomic(
        path,
        Buffer.from(
          `${JSON.stringify({ schemaVersion: 1, blockNumber: blockNumber.toString(), transactionId })}\n`,
        ),
      ),
  };
}

function readPosition(path: string): EventPosition | undefined {
  const text = readTextIfAny(path);
  const parsed = text === undefined ? undefined : fileSchema.safeParse(jsonOrUndefined(text));
  if (parsed?.success !== true) return undefined;
  const { blockNumber, transactionId } = parsed.data;
  return { blockNumber: BigInt(blockNumber), transactionId };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
