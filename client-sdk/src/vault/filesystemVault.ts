import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, access, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { abortError, throwIfAborted } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';
import { type Bytes, isMissing, linkNew, syncFolder } from '../storage/files.js';
import { checkedPieces, taken, tooLarge } from './checked.js';
import { digestOfStream, endDigest } from './digest.js';
import { checkHandle, newHandle } from './handle.js';
import type { GetOptions, PutOptions, StoredObject, Vault } from './vault.js';

const pieceBytes = 1024 * 1024;

/**
 * A vault in a folder, for one machine or a shared file system. Objects lie under `objects/<first two characters>/`;
 * they are written to `incoming/` first and linked into place when they are whole and synced.
 */
export function filesystemVault(folder: string): Vault {
  return new FilesystemVault(folder);
}

class FilesystemVault implements Vault {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(
    content: Bytes,
    { handle = newHandle(), onProgress, signal }: PutOptions = {},
  ): Promise<StoredObject> {
    const path = this.#path(handle);
    const incoming = join(this.#folder, 'incoming');
    await Promise.all([mkdir(incoming, { recursive: true }), mkdir(dirname(path), { recursive: true })]);
    const temporary = join(incoming, randomBytes(16).toString('hex'));
    try {
      const written = await writeHashed(temporary, content, { onProgress, signal });
      if (await linkNew(temporary, path)) await syncFolder(dirname(path));
      else await this.#requireSame(handle, written.digest, signal);
      onProgress?.({ sentBytes: written.sizeBytes });
      return { handle, ...written };
    } catch (error) {
      throw hasNoRoom(error) ? full(handle, error) : error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async get(handle: string, options: GetOptions = {}): Promise<Uint8Array> {
    const sizeBytes = await this.#size(handle, options);
    const content = Buffer.allocUnsafe(sizeBytes);
    let filled = 0;
    for await (const piece of this.#checked(handle, sizeBytes, options)) {
      content.set(piece, filled);
      filled += piece.length;
    }
    return content;
  }

  async *stream(handle: string, options: GetOptions = {}): AsyncGenerator<Uint8Array> {
    yield* this.#checked(handle, await this.#size(handle, options), options);
  }

  #checked(handle: string, sizeBytes: number, { digest, signal }: GetOptions): AsyncGenerator<Uint8Array> {
    return checkedPieces(handle, this.#asLong(handle, sizeBytes, signal), digest);
  }

  /** The object's bytes, exactly as many as it had when it was looked at. */
  async *#asLong(
    handle: string,
    sizeBytes: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    let readBytes = 0;
    for await (const piece of pieces(this.#path(handle), handle, signal)) {
      readBytes += piece.length;
      if (readBytes > sizeBytes) throw changed(handle);
      yield piece;
    }
    if (readBytes < sizeBytes) throw changed(handle);
  }

  async #size(handle: string, { maxBytes = Infinity, signal }: GetOptions): Promise<number> {
    throwIfAborted(signal);
    const sizeBytes = await sizeOf(this.#path(handle), handle);
    if (sizeBytes <= maxBytes) return sizeBytes;
    throw tooLarge(handle, { sizeBytes, maxBytes });
  }

  async has(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<boolean> {
    throwIfAborted(signal);
    try {
      await access(this.#path(handle));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw unreadable(handle, error);
    }
  }

  async delete(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<void> {
    throwIfAborted(signal);
    await rm(this.#path(handle), { force: true });
  }

  async #requireSame(handle: string, digest: string, signal: AbortSignal | undefined): Promise<void> {
    if ((await digestOfStream(this.stream(handle, { signal }))) !== digest) throw taken(handle);
  }

  #path(handle: string): string {
    checkHandle(handle);
    return join(this.#folder, 'objects', handle.slice(0, 2), handle);
  }
}

async function writeHashed(
  path: string,
  content: Bytes,
  { onProgress, signal }: Pick<PutOptions, 'onProgress' | 'signal'>,
): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o644);
  try {
    for await (const piece of content instanceof Uint8Array ? slices(content) : content) {
      throwIfAborted(signal);
      hash.update(piece);
      sizeBytes += piece.length;
      await writeWhole(file, piece);
      onProgress?.({ sentBytes: sizeBytes });
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: endDigest(hash), sizeBytes };
}

function* slices(content: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < content.length; start += pieceBytes)
    yield content.subarray(start, start + pieceBytes);
}

async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let start = 0; start < piece.length;) start += (await file.write(piece, start)).bytesWritten;
}

async function sizeOf(path: string, handle: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw unreadable(handle, error);
  }
}

async function* pieces(
  path: string,
  handle: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const options = signal === undefined ? {} : { signal };
  try {
    const stream = createReadStream(path, { highWaterMark: pieceBytes, ...options }) as AsyncIterable<Buffer>;
    for await (const piece of stream) yield piece;
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : unreadable(handle, error);
  }
}

function changed(handle: string): Error {
  return sdkError('VT8202', 'The object changed while it was read.', { facts: { handle } });
}

/** No space left on the device, or none of this user's quota. */
const hasNoRoom = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));

function full(handle: string, cause: unknown): Error {
  return sdkError('VT8212', 'The vault has no room left.', { facts: { handle }, cause });
}

function unreadable(handle: string, cause: unknown): Error {
  if (isMissing(cause)) return sdkError('VT8201', 'There is no such object.', { facts: { handle } });
  return sdkError('VT8002', 'The object cannot be read.', { facts: { handle }, cause });
}
