import { ReadableStream } from 'node:stream/web';
import type { Identity } from 'age-encryption';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import type { Bytes } from '../storage/files.js';
import { type Envelopes, type SealRecipient, ageRecipient } from './ageKeys.js';

// Sealed streams are age files (age-encryption.org/v1): a text header with the file key for each recipient, its HMAC,
// then ChaCha20-Poly1305 in chunks of 64 KiB (STREAM). The library is loaded when it is first used: it takes 50 ms.

const pieceBytes = 1024 * 1024;
const chunkBytes = 64 * 1024;
const tagBytes = 16;
/** Longer headers are refused before they are read: they have room for about 1900 members. */
const maxHeaderBytes = 1024 * 1024;

/** No seal adds more than this: the largest size in bytes of what was so many bytes before it was sealed. */
export function maxSealedBytes(contentBytes: number): number {
  return maxHeaderBytes + contentBytes + tagBytes * (Math.ceil(contentBytes / chunkBytes) + 2);
}

/**
 * Seals content of any size while it streams, with a few pieces of it in memory. The file key is drawn at random: sealed
 * again, the same content has other bytes.
 *
 * @throws KEY_INVALID if there is no recipient or one has no proper key; whatever the content throws.
 */
export async function* sealStream(
  recipients: readonly SealRecipient[],
  content: Bytes,
  envelopes: Pick<Envelopes, 'seal'>,
): AsyncGenerator<Uint8Array> {
  if (recipients.length === 0) throw sdkError('VT8305', 'There is nobody to seal to.');
  const { Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(ageRecipient(recipient, envelopes, Stanza));
  const source = new Source(slices(content));
  try {
    yield* nonEmpty(await encrypter.encrypt(source.stream()));
  } finally {
    await source.close();
  }
}

/**
 * Opens what `sealStream` made, while it streams. Each piece was made by the sealer and is in its place, but whether the
 * content is whole is known at the end only: nothing may come of it before the iteration has ended without an error.
 *
 * @throws ENVELOPE_UNOPENED if it is sealed to others, was changed, was cut short or goes on; whatever the content throws.
 */
export async function* openStream(content: Bytes, identity: Identity): AsyncGenerator<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const source = new Source(withShortHeader(slices(content)));
  try {
    yield* nonEmpty(await decrypter.decrypt(source.stream()));
  } catch (cause) {
    if (source.failure !== undefined) throw source.failure.error;
    if (isVeritrainError(cause)) throw cause;
    throw sdkError('VT8401', 'The sealed stream cannot be opened with this key, or was changed.', { cause });
  } finally {
    await source.close();
  }
}

/** All of a stream in one piece of memory. */
export async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return Buffer.concat(list);
}

/**
 * What a transform reads from. Tells an error of the source from one of the transform, and lets go of the source in every
 * case: web streams do so late, or not at all where the reader fails first.
 */
class Source {
  failure: { readonly error: unknown } | undefined;
  readonly #pieces: AsyncGenerator<Uint8Array>;

  constructor(pieces: AsyncGenerator<Uint8Array>) {
    this.#pieces = pieces;
  }

  stream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this.#watched());
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }

  async *#watched(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of this.#pieces) yield piece;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

/** In pieces of at most 1 MiB, so that a whole object is not held twice. */
async function* slices(content: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of content instanceof Uint8Array ? [content] : content)
    for (let start = 0; start < piece.length; start += pieceBytes)
      yield piece.subarray(start, start + pieceBytes);
}

/**
 * age reads a header to its end, however long it is; nobody should make it read for ever. Looking at every piece of a
 * header that comes in small ones would cost the square of its length.
 */
async function* withShortHeader(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array[] | undefined = [];
  let sizeBytes = 0;
  let lookAtBytes = 4096;
  for await (const piece of pieces) {
    if (start === undefined) {
      yield piece;
      continue;
    }
    start.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes < lookAtBytes) continue;
    const read: Buffer = Buffer.concat(start);
    if (hasHeader(read)) {
      yield read;
      start = undefined;
    } else if (sizeBytes > maxHeaderBytes) {
      throw sdkError('VT8401', 'These bytes are no sealed stream.');
    } else {
      start = [read];
      lookAtBytes = Math.min(2 * sizeBytes, maxHeaderBytes + 1);
    }
  }
  if (start !== undefined) yield* start;
}

function hasHeader(start: Buffer): boolean {
  const head = start.subarray(0, maxHeaderBytes);
  const lastLine = head.indexOf('\n--- ');
  return lastLine >= 0 && head.includes('\n', lastLine + 1);
}

async function* nonEmpty(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) if (piece.length > 0) yield piece;
}
