import { S3Client } from '@aws-sdk/client-s3';
import { metTls } from '../../errors/plainToTls.js';
import { clientOptions, identityOf } from './client.js';
import { type AccessKeys, type KeySource, keySource } from './credentials.js';
import { type Circumstances, type Place, failureOf, passing } from './failure.js';
import type { S3Options } from './options.js';
import { S3Refusal, plainToTlsCode } from './refusal.js';
import { retrying } from './retry.js';
import { type S3Timing, defaultS3Timing } from './timing.js';
import { UploadNotes } from './uploadNotes.js';

/** How one request is sent. */
export interface HttpOptions {
  readonly abortSignal?: AbortSignal;
}
type Work<T> = (client: S3Client, http: HttpOptions) => Promise<T>;

/** A bucket, and the way there: requests are signed, repeated as long as that helps, and fail with a code of ours. */
export class S3Connection {
  readonly timing: S3Timing;
  readonly uploadNotes: UploadNotes | undefined;
  readonly #options: S3Options;
  readonly #client: S3Client;
  readonly #keys: KeySource;
  #held: AccessKeys | undefined;

  constructor(options: S3Options) {
    this.#options = options;
    this.timing = { ...defaultS3Timing, ...options.timing };
    this.uploadNotes = options.uploadNotes === undefined ? undefined : new UploadNotes(options.uploadNotes);
    this.#keys = keySource(options);
    this.#client = new S3Client({
      ...clientOptions(options),
      endpoint: options.endpoint,
      forcePathStyle: options.pathStyle ?? true,
      credentials: async () => identityOf((this.#held ??= await this.#keys(undefined))),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      expectContinueHeader: false,
    });
  }

  get bucket(): string {
    return this.#options.bucket;
  }

  /** How errors name this vault. */
  get place(): Place {
    return { endpoint: new URL(this.#options.endpoint).origin, bucket: this.bucket };
  }

  /** Does something once, with keys that are good now. Throws what happened, without a code of ours. */
  async once<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    this.#held = await this.#identify(signal);
    return work(this.#client, signal === undefined ? {} : { abortSignal: signal });
  }

  /** Does something that may be repeated. @throws what `failureOf` makes of what happened last */
  async call<T>(work: Work<T>, circumstances: Circumstances): Promise<T> {
    try {
      return await this.attempt(work, circumstances.signal);
    } catch (error) {
      throw failureOf(error, this.place, circumstances);
    }
  }

  /** The same, but what the server refuses stays its own word. */
  attempt<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    const trying = (): Promise<T> =>
      this.once(work, signal).catch(async (error: unknown) => {
        // Nothing of this passes, however often it is tried again.
        throw (await metTls(error, this.place.endpoint)) ? new S3Refusal(0, plainToTlsCode, '') : error;
      });
    return retrying(trying, this.timing, signal);
  }

  async #identify(signal: AbortSignal | undefined): ReturnType<KeySource> {
    try {
      return await this.#keys(signal);
    } catch (error) {
      // Who gives out keys refuses for other reasons than who keeps objects.
      throw error instanceof S3Refusal && passing(error) === undefined
        ? failureOf(error, this.place, { purpose: 'identify', signal })
        : error;
    }
  }
}
