import type { S3Client, S3Connection } from './connection.js';
import { completeUpload } from './completeUpload.js';
import { failureOf } from './failure.js';
import { keyOf } from './objectKey.js';
import { S3Refusal } from './refusal.js';

/** Creating an object is asked for with this: a server that knows it never replaces one. */
const onlyIfAbsent = { 'if-none-match': '*' };

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
    return this.#create(object, (client, condition) =>
      client.makeRequestAsyncOmit(
        {
          method: 'PUT',
          bucketName: this.connection.bucket,
          objectName: keyOf(object.handle),
          headers: { 'content-md5': md5.toString('base64'), ...condition },
        },
        bytes,
      ),
    );
  }

  /** An object of parts that have arrived. */
  complete(uploadId: string, etags: readonly string[], object: WrittenObject): Promise<Creation> {
    const key = keyOf(object.handle);
    return this.#create(object, (client, condition) =>
      completeUpload(client, this.connection.bucket, { key, uploadId, etags, condition }),
    );
  }

  async #create(
    object: WrittenObject,
    send: (client: S3Client, condition: Record<string, string>) => Promise<unknown>,
  ): Promise<Creation> {
    const condition = this.#isConditional ? onlyIfAbsent : undefined;
    try {
      await this.connection.attempt((client) => send(client, { ...condition }), object.signal);
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
