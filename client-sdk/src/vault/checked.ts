import { createHash } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';
import { endDigest } from './digest.js';
import type { GetOptions } from './vault.js';

// What every vault says of an object that is not as it should be, in the same words.

/** An object's pieces, hashed on the way. @throws DIGEST_MISMATCH after the last, where they are not what was promised */
export async function* checkedPieces(
  handle: string,
  pieces: AsyncIterable<Uint8Array>,
  promised: string | undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  requirePromised(handle, endDigest(hash), promised);
}

/** @throws DIGEST_MISMATCH */
export function requirePromised(handle: string, found: string, promised: string | undefined): void {
  if (promised === undefined || promised === found) return;
  throw sdkError('VT8202', 'The object is not what was promised.', { facts: { handle, promised, found } });
}

/** HANDLE_TAKEN */
export const taken = (handle: string, cause?: unknown): Error =>
  sdkError('VT8204', 'The handle holds another object.', { facts: { handle }, cause });

/** OBJECT_TOO_LARGE */
export const tooLarge = (handle: string, facts: { maxBytes: number; sizeBytes?: number }): Error =>
  sdkError('VT8205', 'The object is larger than allowed.', { facts: { handle, ...facts } });

/** How to read an object whole: where the caller sets no limit, one that memory has. Larger ones are streamed. */
export const wholly = (options: GetOptions): GetOptions => ({
  ...options,
  maxBytes: options.maxBytes ?? 2 ** 31,
});
