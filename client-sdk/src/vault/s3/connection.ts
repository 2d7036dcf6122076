import { Client } from 'minio';
import { metTls } from '../../errors/plainToTls.js';
import { type KeySource, keySource } from './credentials.js';
import { type Circumstances, type Place, failureOf, passing } from './failure.js';
import type { S3Options } from './options.js';
import { S3Refusal, plainToTlsCode } from './refusal.js';
import { retrying } from './retry.js';
import { type Service, serviceOf } from './signedRequest.js';
import { type S3Timing, defaultS3Timing } from './timing.js';
import { transportOf } from './transport.js';
import { UploadNotes } from './uploadNotes.js';

/** The library's client; one for each attempt, since its keys, its signal and its time are that attempt's. */
export type S3Client = Client;

/** A bucket, and the way there: requests are signed, repeated as long as that helps, and fail with a code of ours. */
export class S3Connection {
  readonly timing: S3Timing;
  readonly uploadNotes: UploadNotes | undefined;
  readonly #options: S3Options;
  readonly #url: URL;
  readonly #keys: KeySource;
  readonly #service: Service;

  constructor(options: S3Options) {
    this.#options = options;
    this.#url = new URL(options.endpoint);
    this.timing = { ...defaultS3Timing, ...options.timing };
    this.uploadNotes = options.uploadNotes === undefined ? undefined : new UploadNotes(options.uploadNotes);
    this.#service = serviceOf(options);
    this.#keys = keySource(options.credentials, this.#service);
  }

  get bucket(): string {
    return this.#options.bucket;
  }

  /** How errors name this vault. */
  get place(): Place {
    return { endpoint: this.#url.origin, bucket: this.bucket };
  }

  /** Does something once, with keys that are good now. Throws what happened, without a code of ours. */
  async once<T>(work: (client: S3Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return work(await this.#client(signal));
  }

  /** Does something that may be repeated. @throws what `failureOf` makes of what happened last */
  async call<T>(work: (client: S3Client) => Promise<T>, circumstances: Circumstances): Promise<T> {
    try {
      return await this.attempt(work, circumstances.signal);
    } catch (error) {
      throw failureOf(error, this.place, circumstances);
    }
  }

  /** The same, but what the server refuses stays its own word. */
  attempt<T>(work: (client: S3Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const trying = (): Promise<T> =>
      this.once(work, signal).catch(async (error: unknown) => {
        // Nothing of this passes, however often it is tried again.
        throw (await metTls(error, this.#url.origin)) ? new S3Refusal(0, plainToTlsCode, '') : error;
      });
    return retrying(trying, this.timing, signal);
  }

  async #client(signal: AbortSignal | undefined): Promise<S3Client> {
    const secure = this.#url.protocol === 'https:';
    const { accessKey, secretKey, sessionToken } = await this.#identify(signal);
    return new Client({
      endPoint: this.#url.hostname.replace(/^\[|\]$/g, ''),
      ...(this.#url.port === '' ? {} : { port: Number(this.#url.port) }),
      useSSL: secure,
      region: this.#options.region ?? 'us-east-1',
      pathStyle: this.#options.pathStyle ?? true,
      accessKey,
      secretKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      transport: transportOf({ ...this.timing, secure, signal }),
      transportAgent: this.#service.agentOf(secure),
      retryOptions: { disableRetry: true },
    });
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
