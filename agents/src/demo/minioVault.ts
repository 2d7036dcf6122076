import { createWriteStream, type WriteStream } from 'node:fs';
import type { S3Options } from '@veritrain/client-sdk/s3';
import { AgentsError } from '../actions/agentsError.js';
import { type MinioProcess, startMinio } from '../runtime/minioProcess.js';
import { haveMinio } from '../runtime/minioProgram.js';

const mostRestarts = 3;
const bucket = 'market';

export interface MinioVaultOptions {
  /** Folder of its objects. */
  readonly data: string;
  /** File that MinIO's own words go to. */
  readonly log: string;
  readonly onProgress: (what: string) => void;
  readonly onRestart: (what: string, how: string) => void;
  readonly onGiveUp: (error: AgentsError) => void;
  readonly signal: AbortSignal;
}

/** MinIO as the demo keeps it: credentials that are thrown away, and started again, on the same port and data, should it die. */
export class MinioVault {
  private stopping = false;
  private restarts = 0;

  private constructor(
    private readonly options: MinioVaultOptions,
    private readonly log: WriteStream,
    private readonly program: string,
    private process: MinioProcess,
  ) {}

  /** @throws AgentsError VAULT_FAILED with its last words, or with the command that brings MinIO to this machine */
  static async start(options: MinioVaultOptions): Promise<MinioVault> {
    const log = createWriteStream(options.log, { flags: 'a' });
    try {
      const program = await haveMinio((command) => options.onProgress(`building MinIO once: ${command}`));
      options.onProgress('starting MinIO');
      const vault = new MinioVault(options, log, program, await launch(program, options, log));
      vault.watch();
      return vault;
    } catch (cause) {
      log.end();
      throw options.signal.aborted ? (options.signal.reason as Error) : failed(cause);
    }
  }

  /** For the line that tells of it. */
  get description(): string {
    return `MinIO, bucket ${bucket}, ${this.process.endpoint}`;
  }

  /** As who runs it. */
  get s3(): S3Options {
    const { endpoint, credentials } = this.process;
    return { endpoint, bucket, pathStyle: true, credentials: { kind: 'static', ...credentials } };
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process.stop();
    await new Promise((resolve) => this.log.end(resolve));
  }

  private watch(): void {
    void this.process.ended.then((how) => (this.isStopping() ? undefined : this.restart(how.toString())));
  }

  /** On a terminal Ctrl-C reaches MinIO as well: that is no death. */
  private isStopping(): boolean {
    return this.stopping || this.options.signal.aborted;
  }

  private async restart(how: string): Promise<void> {
    this.restarts += 1;
    try {
      if (this.restarts > mostRestarts)
        throw new Error(`it died ${this.restarts} times, at last with ${how}`);
      this.options.onRestart('MinIO', how);
      this.process = await launch(this.program, this.options, this.log, this.process);
      if (this.isStopping()) await this.process.stop();
      else this.watch();
    } catch (cause) {
      this.options.onGiveUp(failed(cause));
    }
  }
}

const launch = (
  program: string,
  { data, signal }: MinioVaultOptions,
  log: WriteStream,
  before?: MinioProcess,
): Promise<MinioProcess> =>
  startMinio({
    program,
    data,
    ...(before === undefined ? {} : { port: before.port, credentials: before.credentials }),
    log: (line) => {
      // What it wrote last may come after its end.
      if (!log.writableEnded) log.write(`${line}\n`);
    },
    signal,
  });

const failed = (cause: unknown): AgentsError =>
  new AgentsError('VT9605', cause instanceof Error ? cause.message : 'MinIO stopped.', { cause });
