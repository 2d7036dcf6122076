import type { VeritrainError } from '@veritrain/client-sdk';
import type { S3Options } from '@veritrain/client-sdk/s3';
import { demoError } from './errors/demoError.js';
import { type MinioProcess, startMinio } from '@veritrain/local';
import { haveMinio } from '@veritrain/local';
import type { VaultFacts } from './events.js';
import { KeptProcess } from './keptProcess.js';
import type { ServiceOptions } from './ledger.js';

const bucket = 'market';

/** MinIO as the demo keeps it: with credentials that are thrown away, started again, on the same port and data, should it die. */
export class MinioVault {
  private constructor(private readonly kept: KeptProcess<MinioProcess>) {}

  /** @throws VAULT_FAILED with its last words, or with the command that brings MinIO to this machine */
  static async start(options: ServiceOptions): Promise<MinioVault> {
    const { data, onProgress, signal } = options;
    const kept = await KeptProcess.start<MinioProcess>({
      ...options,
      what: 'MinIO',
      failed,
      start: async (log, before) => {
        const program = await haveMinio((command) => onProgress(`building MinIO once: ${command}`));
        onProgress('starting MinIO');
        const again = before && { port: before.port, credentials: before.credentials };
        return startMinio({ program, data, log, signal, ...again });
      },
    });
    return new MinioVault(kept);
  }

  get facts(): VaultFacts {
    return { bucket, endpoint: this.kept.current.endpoint };
  }

  /** As who runs it. */
  get s3(): S3Options {
    const { endpoint, credentials } = this.kept.current;
    return { endpoint, bucket, pathStyle: true, credentials: { kind: 'static', ...credentials } };
  }

  stop(): Promise<void> {
    return this.kept.stop();
  }
}

const failed = (cause: unknown): VeritrainError =>
  demoError('VT9605', cause instanceof Error ? cause.message : 'MinIO stopped.', { cause });
