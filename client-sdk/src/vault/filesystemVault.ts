import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { throwIfAborted } from '../errors/abort.js';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { type Bytes, isMissing, linkNew, syncFolder } from '../storage/files.js';
import { type OpenedFile, openRegular } from '../storage/regularFile.js';
import { checkedPieces, taken, tooLarge, wholly } from './checked.js';
import { digestOfStream, endDigest } from './digest.js';
import { checkHandle, newHandle } from './handle.js';
import type { GetOptions, PutOptions, StoredObject, Vault } from './vault.js';

const pieceBytes = 1024 * 1024;

/**
 * A vault in a folder, for one machine or a shared file system. Objects lie under `objects/<first two characters>/`;
 * they are written to `incoming/` first and linked into place when they are whole and synced. Every member writes there,
 * so whatever is no regular file, or lies behind a link, is no object (FILE_IRREGULAR).
 */
export function filesystemVault(folder: string): Vault {
  return new FilesystemVault(folder);
}

class FilesystemVault implements Vault {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  async put(
    content: Bytes,
    { handle = newHandle(), onProgress, signal }: PutOptions = {},
  ): Promise<StoredObject> {
    const path = this.#path(handle);
    const incoming = join(this.#folder, 'incoming');
    const temporary = join(incoming, randomBytes(16).toString('hex'));
    try {
      await Promise.all([this.#makeFolder(incoming), this.#makeFolder(dirname(path))]);
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
    const opened = await this.#open(handle, wholly(options));
    try {
      const content = Buffer.allocUnsafe(opened.sizeBytes);
      let filled = 0;
      for await (const piece of checkedPieces(handle, pieces(opened, handle, options), options.digest)) {
        content.set(piece, filled);
        filled += piece.length;
      }
      return content;
    } finally {
      await opened.file.close();
    }
  }

  async *stream(handle: string, options: GetOptions = {}): AsyncGenerator<Uint8Array> {
    const opened = await this.#open(handle, options);
    try {
      yield* checkedPieces(handle, pieces(opened, handle, options), options.digest);
    } finally {
      await opened.file.close();
    }
  }

  async #open(handle: string, { maxBytes = Infinity, signal }: GetOptions): Promise<OpenedFile> {
    throwIfAborted(signal);
    const opened = await this.#openObject(handle);
    if (opened.sizeBytes <= maxBytes) return opened;
    await opened.file.close();
    throw tooLarge(handle, { sizeBytes: opened.sizeBytes, maxBytes });
  }

  async #openObject(handle: string): Promise<OpenedFile> {
    const path = this.#path(handle);
    try {
      await this.#requireFolders(dirname(path));
      return await openRegular(path);
    } catch (error) {
      throw unreadable(handle, error);
    }
  }

  async has(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<boolean> {
    throwIfAborted(signal);
    try {
      const { file } = await this.#openObject(handle);
      await file.close();
      return true;
    } catch (error) {
      if (isVeritrainError(error, 'VT8201')) return false;
      throw error;
    }
  }

  /** Removes whatever lies there, also what is no object: it must not be in the way of one. */
  async delete(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<void> {
    throwIfAborted(signal);
    const path = this.#path(handle);
    try {
      await this.#requireFolders(dirname(path));
      await rm(path, { force: true, recursive: true });
    } catch (error) {
      if (!isMissing(error)) throw unreadable(handle, error);
    }
  }

  async #requireSame(handle: string, digest: string, signal: AbortSignal | undefined): Promise<void> {
    const stored = await digestOfStream(this.stream(handle, { signal })).catch((error: unknown) => {
      throw isVeritrainError(error, 'VT8223') ? taken(handle, error) : error;
    });
    if (stored !== digest) throw taken(handle);
  }

  async #makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && ['EEXIST', 'ENOTDIR'].includes(String(error.code))))
        throw error;
    });
    await this.#requireFolders(path);
  }

  /** A link in place of a folder would lead out of the vault. @throws FILE_IRREGULAR, ENOENT */
  async #requireFolders(path: string): Promise<void> {
    for (const at of [dirname(path), path]) {
      if (at === this.#folder || (await lstat(at)).isDirectory()) continue;
      throw sdkError('VT8223', `${at} is no folder of the vault.`, { facts: { path: at } });
    }
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

/** An object's bytes, exactly as many as it had when it was opened. */
async function* pieces(
  { file, sizeBytes }: OpenedFile,
  handle: string,
  { signal }: GetOptions,
): AsyncGenerator<Uint8Array> {
  for (let readBytes = 0; ;) {
    throwIfAborted(signal);
    // One byte more than is left, to see the end.
    const room = Buffer.allocUnsafe(Math.min(pieceBytes, sizeBytes - readBytes + 1));
    const { bytesRead, buffer } = await file.read(room, 0, room.length, readBytes);
    readBytes += bytesRead;
    if (readBytes > sizeBytes || (bytesRead === 0 && readBytes < sizeBytes)) throw changed(handle);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function changed(handle: string): Error {
  return sdkError('VT8202', 'The object changed while it was read.', { facts: { handle } });
}

/** No space left on the device, or none of this user's quota, for which Node has no name. */
const hasNoRoom = (error: unknown): boolean =>
  error instanceof Error &&
  'errno' in error &&
  [-constants.errno.ENOSPC, -constants.errno.EDQUOT].includes(Number(error.errno));

function full(handle: string, cause: unknown): Error {
  return sdkError('VT8212', 'The vault has no room left.', { facts: { handle }, cause });
}

function unreadable(handle: string, cause: unknown): Error {
  if (isVeritrainError(cause)) return cause;
  if (isMissing(cause)) return sdkError('VT8201', 'There is no such object.', { facts: { handle } });
  return sdkError('VT8002', 'The object cannot be read.', { facts: { handle }, cause });
}
