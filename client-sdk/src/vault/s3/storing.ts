import { isVeritrainError } from '../../errors/veritrainError.js';
import type { Bytes } from '../../storage/files.js';
import type { PutOptions } from '../vault.js';
import type { S3Connection } from './connection.js';
import { type Part, PartCutter, type Whole } from './parts.js';
import { statObject } from './stat.js';
import { PartSender, md5Of } from './uploadParts.js';
import { beginUpload, dropUploads, holdsParts, uploadsOf } from './uploads.js';
import { type Creation, Writer } from './write.js';

interface StoreOptions extends Pick<PutOptions, 'onProgress' | 'signal'> {
  readonly handle: string;
  /** The handle was made just now, so that nothing can be there, and nobody could go on with what is left there. */
  readonly isNew: boolean;
}

/** What was read from the content; and whether something was stored under the handle already, and still is. */
export interface Stored extends Whole {
  readonly isTaken: boolean;
}

/** How objects get into the bucket: small ones by one request, larger ones in parts. */
export class Storing {
  readonly #connection: S3Connection;
  readonly #writer: Writer;

  constructor(connection: S3Connection) {
    this.#connection = connection;
    this.#writer = new Writer(connection);
  }

  async store(content: Bytes, options: StoreOptions): Promise<Stored> {
    const cutter = new PartCutter(content, options.signal);
    try {
      const creation = await this.#create(cutter, options);
      return { ...(await cutter.finish()), isTaken: creation === 'taken' };
    } finally {
      await cutter.close();
    }
  }

  async #create(cutter: PartCutter, options: StoreOptions): Promise<Creation> {
    const { isNew } = options;
    const first = await cutter.next();
    if (first === undefined) throw new Error('every content has a first part');
    if (!isNew && (await this.#isThere(options))) return 'taken';
    return first.isLast ? this.#inOne(first, options) : this.#inParts(first, cutter, options);
  }

  #inOne({ bytes }: Part, { handle, signal }: StoreOptions): Promise<Creation> {
    return this.#writer.create(bytes, md5Of(bytes), { handle, signal });
  }

  async #inParts(first: Part, cutter: PartCutter, options: StoreOptions): Promise<Creation> {
    const { handle, isNew, onProgress, signal } = options;
    const upload = await beginUpload(this.#connection, { handle, mayResume: !isNew, signal });
    const sender = new PartSender(this.#connection, { handle, upload, onProgress });
    try {
      const etags = await sender.send(first, cutter, signal);
      const creation = await this.#complete({ uploadId: upload.uploadId, etags }, { handle, signal });
      const others = isNew ? [] : await uploadsOf(this.#connection, { handle, signal });
      await dropUploads(this.#connection, handle, others, signal);
      await this.#connection.uploadNotes?.forget(handle);
      return creation;
    } catch (error) {
      // Somebody else, or this same call before its answer was lost, has ended the upload.
      if (saysOf(error, 'NoSuchUpload') && (await this.#isThere(options))) return 'taken';
      await this.#giveUp(upload.uploadId, error, options);
      throw error;
    }
  }

  /** A list of parts that the server does not take, though it has them all, was spoilt on the way. */
  async #complete(
    parts: { readonly uploadId: string; readonly etags: readonly string[] },
    object: Pick<StoreOptions, 'handle'> & { readonly signal: AbortSignal | undefined },
  ): Promise<Creation> {
    for (let left = maxSpoilt; ; left -= 1) {
      try {
        return await this.#writer.complete(parts.uploadId, parts.etags, object);
      } catch (error) {
        const mayBeSpoilt = left > 0 && saysOf(error, 'InvalidPart', 'InvalidPartOrder', 'InvalidRequest');
        if (!mayBeSpoilt || !(await holdsParts(this.#connection, object, parts))) throw error;
      }
    }
  }

  /** Parts are left for the next try, where there may be one, and where they are not in the way. */
  async #giveUp(uploadId: string, error: unknown, { handle, isNew, signal }: StoreOptions): Promise<void> {
    if (!isNew && !isVeritrainError(error, 'VT8212')) return;
    const dropped = dropUploads(this.#connection, handle, [uploadId], AbortSignal.timeout(dropWithinMs));
    // Who aborts is told at once.
    if (signal?.aborted !== true) await dropped;
  }

  async #isThere({ handle, signal }: StoreOptions): Promise<boolean> {
    return !('absent' in (await statObject(this.#connection, handle, signal)));
  }
}

const dropWithinMs = 5_000;

/** A list of parts is sent again this often. */
const maxSpoilt = 3;

/** What the server gave as its reason. */
const saysOf = (error: unknown, ...codes: string[]): boolean =>
  isVeritrainError(error, 'VT8214') && codes.includes(String(error.facts.s3Code));
