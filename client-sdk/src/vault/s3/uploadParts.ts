import { createHash } from 'node:crypto';
import { sdkError } from '../../errors/veritrainError.js';
import type { S3Connection } from './connection.js';
import type { PutOptions } from '../vault.js';
import { keyOf } from './objectKey.js';
import { Lanes } from './lanes.js';
import { type Part, type PartCutter, maxParts, partBytes } from './parts.js';
import type { Upload } from './uploads.js';

/** Parts on their way at the same time; with the two that are being filled, they are all the memory an upload takes. */
const lanes = 3;

export const md5Of = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

/** An upload's parts: those that have arrived are compared and left, the others are sent, several at a time. */
export class PartSender {
  readonly #etags: string[] = [];
  #sentBytes = 0;

  constructor(
    private readonly connection: S3Connection,
    private readonly options: Pick<PutOptions, 'onProgress'> & {
      readonly handle: string;
      readonly upload: Upload;
    },
  ) {}

  /** Sends `first` and all that follows it. @returns the ETags of all parts, in order */
  async send(first: Part, cutter: PartCutter, signal: AbortSignal | undefined): Promise<string[]> {
    const running = new Lanes(lanes, signal);
    try {
      for (let part: Part | undefined = first; part !== undefined; part = await cutter.next()) {
        const current = withinLimit(part);
        await running.start((stop) => this.#sendOne(current, stop));
      }
      await running.end();
      return this.#etags;
    } catch (error) {
      await running.cancel();
      throw error;
    }
  }

  async #sendOne(part: Part, signal: AbortSignal): Promise<void> {
    const md5 = md5Of(part.bytes);
    const arrived = this.options.upload.arrived.get(part.number);
    const isThere = arrived?.size === part.bytes.length && arrived.etag === md5.toString('hex');
    this.#etags[part.number - 1] = isThere ? md5.toString('hex') : await this.#upload(part, md5, signal);
    this.#sentBytes += part.bytes.length;
    part.release();
    this.options.onProgress?.({ sentBytes: this.#sentBytes });
  }

  async #upload({ number, bytes }: Part, md5: Buffer, signal: AbortSignal): Promise<string> {
    const { handle, upload } = this.options;
    const { etag } = await this.connection.call(
      (client) =>
        client.uploadPart(
          {
            bucketName: this.connection.bucket,
            objectName: keyOf(handle),
            uploadID: encodeURIComponent(upload.uploadId),
            partNumber: number,
            headers: { 'content-md5': md5.toString('base64') },
          },
          bytes,
        ),
      { purpose: 'write', handle, signal },
    );
    return etag;
  }
}

function withinLimit(part: Part): Part {
  if (part.number <= maxParts) return part;
  const facts = { maxBytes: partBytes * maxParts };
  throw sdkError('VT8205', 'The object is larger than an upload can be.', { facts });
}
