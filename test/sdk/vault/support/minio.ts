import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { describe } from 'vitest';
import {
  findMinio,
  minioInstallCommand,
  startMinio,
  type MinioOptions,
  type MinioProcess,
} from '@veritrain/local';
import { type S3Options, keyOf } from '@veritrain/client-sdk/s3';

/** Tests that need MinIO: left out, counted and named where it is not. `npm test` builds it before them. */
export function describeMinio(name: string, tests: () => void): void {
  const reason = `MinIO is not on this machine: ${minioInstallCommand}`;
  describe.skipIf(findMinio() === undefined)(name, { meta: { reason } }, tests);
}

/** How long it, and a market around it, may take to start on a busy machine. */
export const minioWithinMs = 600_000;

export const bucket = 'vault';

interface TestOptions extends Omit<MinioOptions, 'program' | 'data'> {
  data?: string;
  /** Of its certificates' CA, where it has some. */
  rootCertificatePem?: string;
}

/** A MinIO of a test's own, with a bucket. */
export class TestMinio {
  private constructor(
    private readonly options: MinioOptions,
    private process: MinioProcess,
    private readonly folder: string | undefined,
    private readonly rootCertificatePem: string | undefined,
  ) {}

  /** On a folder that is removed at the end, unless one is given. */
  static async start({ rootCertificatePem, ...given }: TestOptions = {}): Promise<TestMinio> {
    const folder = given.data === undefined ? mkdtempSync(join(tmpdir(), 'veritrain-minio-')) : undefined;
    const options = { ...given, data: given.data ?? join(folder!, 'data'), program: findMinio()! };
    const minio = new TestMinio(options, await startMinio(options), folder, rootCertificatePem);
    await minio.client.makeBucket(bucket);
    return minio;
  }

  get endpoint(): string {
    return this.process.endpoint;
  }

  get port(): number {
    return this.process.port;
  }

  /** The root user's way in, patient for as long as a test may be. */
  get s3(): S3Options {
    const credentials = { kind: 'static', ...this.process.credentials } as const;
    return { endpoint: this.endpoint, bucket, credentials, timing: quick };
  }

  /** The administrator's client. */
  get client(): Client {
    const { port, credentials } = this.process;
    const options = { endPoint: '127.0.0.1', port, region: 'us-east-1', ...credentials };
    if (this.rootCertificatePem === undefined) return new Client({ ...options, useSSL: false });
    return new Client({ ...options, transportAgent: new Agent({ ca: this.rootCertificatePem }) });
  }

  /** Uploads of a handle's object that nobody has ended. */
  uploadsOf(handle: string): ReturnType<Client['listIncompleteUploadsQuery']> {
    return this.client.listIncompleteUploadsQuery(bucket, keyOf(handle), '', '', '');
  }

  async beginUpload(handle: string): Promise<void> {
    await this.client.initiateNewMultipartUpload(bucket, keyOf(handle), {});
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  /** On the same port, with the same data and keys. */
  async restart(): Promise<void> {
    const { port, credentials } = this.process;
    this.process = await startMinio({ ...this.options, port, credentials });
  }

  async stop(): Promise<void> {
    await this.process.stop();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits that tests can afford. */
const quick = { firstMs: 5, longestMs: 100, retryForMs: 30_000 };
