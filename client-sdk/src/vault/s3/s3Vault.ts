import { isVeritrainError } from '../../errors/veritrainError.js';
import { throwIfAborted } from '../../errors/abort.js';
import type { Bytes } from '../../storage/files.js';
import { checkedPieces, taken, tooLarge, wholly } from '../checked.js';
import { checkHandle, newHandle } from '../handle.js';
import type { GetOptions, PutOptions, StoredObject, Vault } from '../vault.js';
import { S3Connection } from './connection.js';
import { type Download, download } from './download.js';
import { failureOf } from './failure.js';
import { type ListOptions, type ListedObject, listObjects } from './list.js';
import { keyOf } from './objectKey.js';
import { type S3Options, checkOptions } from './options.js';
import { type PresignOptions, presign } from './presign.js';
import { Storing } from './storing.js';
import { statObject } from './stat.js';

/** A vault in a bucket of any S3, and what only such a vault can. */
export interface S3Vault extends Vault {
  /**
   * The objects whose keys start with a prefix, in the order of their keys, as far as this member may list them.
   *
   * @throws VAULT_ACCESS_DENIED, and the other errors of a vault on the network
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<ListedObject>;
  /** An address from which anyone may read the object until it expires. @throws INPUT_INVALID, HANDLE_INVALID */
  presignGet(handle: string, options: PresignOptions): Promise<string>;
  /** An address to which anyone may PUT the object until it expires, over what is there. @throws as `presignGet` */
  presignPut(handle: string, options: PresignOptions): Promise<string>;
}

/** A vault in a bucket of any S3. Nothing is sent before the first call. @throws PROFILE_INVALID */
export function s3Vault(options: S3Options): S3Vault {
  return new BucketVault(new S3Connection(checkOptions(options)));
}

class BucketVault implements S3Vault {
  readonly #connection: S3Connection;
  readonly #storing: Storing;

  constructor(connection: S3Connection) {
    this.#connection = connection;
    this.#storing = new Storing(connection);
  }

  async put(content: Bytes, options: PutOptions = {}): Promise<StoredObject> {
    const { handle = newHandle(), onProgress, signal } = options;
    checkHandle(handle);
    throwIfAborted(signal);
    const isNew = options.handle === undefined;
    const { isTaken, ...whole } = await this.#storing.store(content, { handle, isNew, onProgress, signal });
    if (isTaken) await this.#requireSame(handle, whole, signal);
    onProgress?.({ sentBytes: whole.sizeBytes });
    return { handle, ...whole };
  }

  async get(handle: string, options: GetOptions = {}): Promise<Uint8Array> {
    const opened = await this.#open(handle, wholly(options));
    const content = Buffer.allocUnsafe(opened.sizeBytes);
    let filled = 0;
    for await (const piece of checkedPieces(handle, opened.pieces(), options.digest)) {
      content.set(piece, filled);
      filled += piece.length;
    }
    return content;
  }

  async *stream(handle: string, options: GetOptions = {}): AsyncGenerator<Uint8Array> {
    const opened = await this.#open(handle, options);
    yield* checkedPieces(handle, opened.pieces(), options.digest);
  }

  async has(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<boolean> {
    return !('absent' in (await statObject(this.#connection, checkHandle(handle), signal)));
  }

  async delete(handle: string, { signal }: Pick<GetOptions, 'signal'> = {}): Promise<void> {
    const key = keyOf(checkHandle(handle));
    try {
      await this.#connection.attempt(
        (client) =>
          client.makeRequestAsyncOmit(
            { method: 'DELETE', bucketName: this.#connection.bucket, objectName: key },
            '',
            [200, 204],
          ),
        signal,
      );
    } catch (error) {
      const failure = failureOf(error, this.#connection.place, { purpose: 'delete', handle, signal });
      if (!isVeritrainError(failure, 'VT8201')) throw failure;
    }
  }

  list(prefix: string, options: ListOptions = {}): AsyncIterable<ListedObject> {
    return listObjects(this.#connection, prefix, options);
  }

  presignGet(handle: string, options: PresignOptions): Promise<string> {
    return presign(this.#connection, 'GET', checkHandle(handle), options);
  }

  presignPut(handle: string, options: PresignOptions): Promise<string> {
    return presign(this.#connection, 'PUT', checkHandle(handle), options);
  }

  async #open(handle: string, { maxBytes = Infinity, signal }: GetOptions): Promise<Download> {
    checkHandle(handle);
    throwIfAborted(signal);
    const opened = await download({ connection: this.#connection, handle, signal });
    const { sizeBytes } = opened;
    if (sizeBytes <= maxBytes) return opened;
    opened.close();
    throw tooLarge(handle, { sizeBytes, maxBytes });
  }

  /** Read and not only looked at: an ETag tells what was once stored, not what is there. */
  async #requireSame(
    handle: string,
    { digest, sizeBytes }: { digest: string; sizeBytes: number },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const opened = await this.#open(handle, { signal });
    if (opened.sizeBytes !== sizeBytes) {
      opened.close();
      throw taken(handle);
    }
    try {
      for await (const _piece of checkedPieces(handle, opened.pieces(), digest));
    } catch (cause) {
      if (!isVeritrainError(cause, 'VT8202')) throw cause;
      throw taken(handle, cause);
    }
  }
}
