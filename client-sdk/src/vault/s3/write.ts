import { CompleteMultipartUploadCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { HttpOptions, S3Connection } from './connection.js';
import { failureOf } from './failure.js';
import { keyOf } from './objectKey.js';
import { S3Refusal } from './refusal.js';

/** Creating an object is asked for with this: a server that knows it never replaces one. */
const onlyIfAbsent = { IfNoneMatch: '*' };

/** What became of an attempt to create an object. */
export type Creation = 'created' | 'taken';

interface WrittenObject {
  readonly handle: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * The two requests that make an object appear, each so that nothing is ever replaced. Servers that do not know
 * conditional writes say so the first time; from then on they are asked without, since every `put` looks before.
 */
export class Writer {
  #isConditional = true;

  constructor(private readonly connection: S3Connection) {}

  /** An object that fits into one request. */
  create(bytes: Buffer, md5: Buffer, object: WrittenObject): Promise<Creation> {
    const asked = { ...this.#at(object), Body: bytes, ContentMD5: md5.toString('base64') };
    return this.#create(object, (client, http, condition) =>
      client.send(new PutObjectCommand({ ...asked, ...condition }), http),
    );
  }

  /** An object of parts that have arrived. */
  complete(uploadId: string, etags: readonly string[], object: WrittenObject): Promise<Creation> {
    const Parts = etags.map((etag, index) => ({ PartNumber: index + 1, ETag: `"${etag}"` }));
    const asked = { ...this.#at(object), UploadId: uploadId, MultipartUpload: { Parts } };
    return this.#create(object, (client, http, condition) =>
      client.send(new CompleteMultipartUploadCommand({ ...asked, ...condition }), http),
    );
  }

  #at({ handle }: WrittenObject): { Bucket: string; Key: string } {
    return { Bucket: this.connection.bucket, Key: keyOf(handle) };
  }

  async #create(
    object: WrittenObject,
    send: (client: S3Client, http: HttpOptions, condition?: typeof onlyIfAbsent) => Promise<unknown>,
  ): Promise<Creation> {
    const condition = this.#isConditional ? onlyIfAbsent : undefined;
    try {
      await this.connection.attempt((client, http) => send(client, http, condition), object.signal);
      return 'created';
    } catch (error) {
      const status = error instanceof S3Refusal ? error.status : 0;
      if (status === 412) return 'taken';
      if (status !== 501 || condition === undefined)
        throw failureOf(error, this.connection.place, { purpose: 'write', ...object });
      this.#isConditional = false;
      return this.#create(object, send);
    }
  }
}
