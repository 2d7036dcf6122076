import { readFileSync } from 'node:fs';
import type { VeritrainError } from '@veritrain/client-sdk';
import type { S3Options } from '@veritrain/client-sdk/s3';
import { haveMinio, type MinioProcess, startMinio } from '@veritrain/local';
import type { ActionContext } from '@veritrain/member/calls';
import { type Member, openMember } from '@veritrain/member/profile';
import { vaultInit, vaultUse } from '@veritrain/member/vault';
import { demoError } from './errors/demoError.js';
import type { VaultFacts } from './events.js';
import { KeptProcess } from './keptProcess.js';
import type { ServiceOptions } from './ledger.js';
import type { Cast, DemoMember } from './members.js';
import { countTraffic, type TrafficCounter } from './traffic.js';

const bucket = 'market';
const dayMs = 86_400_000;

export interface PlacesInput {
  readonly operator: Member;
  readonly cast: Cast;
  /** Where the operator keeps the grants and the market's key. */
  readonly folder: string;
  readonly traffic: TrafficCounter;
}

/** MinIO as the market's vault, with throw-away credentials. If it dies, it is started again, on the same port and data. */
export class MinioVault {
  private constructor(private readonly kept: KeptProcess<MinioProcess>) {}

  /** @throws VAULT_FAILED with its last words, or with the command that installs MinIO */
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

  /** Grants each member a place in the vault, as its operator. Each takes its place, and uses it from then on. */
  async givePlaces({ operator, cast, folder, traffic }: PlacesInput, context: ActionContext): Promise<Cast> {
    const { grants, operatorId } = await vaultInit(
      operator,
      { s3: this.s3(), folder, validMs: dayMs, expireBriefDays: 1 },
      context,
    );
    const take = async ({ name, member, participantId }: DemoMember): Promise<DemoMember> => {
      const grant = grants.find((one) => one.participantId === participantId);
      if (grant === undefined) throw new Error(`${name} was granted nothing`);
      const sealed = readFileSync(grant.file, 'utf8');
      await vaultUse(member, { sealed, operatorId, agree: () => Promise.resolve() }, context);
      member.close();
      return { name, participantId, member: countTraffic(await openMember(member.home.folder), traffic) };
    };
    const [dataOwner, modelOwner, hosts] = await Promise.all([
      take(cast.dataOwner),
      take(cast.modelOwner),
      Promise.all(cast.hosts.map(take)),
    ]);
    return { dataOwner, modelOwner, hosts };
  }

  /** With the operator's credentials. */
  private s3(): S3Options {
    const { endpoint, credentials } = this.kept.current;
    return { endpoint, bucket, pathStyle: true, credentials: { kind: 'static', ...credentials } };
  }

  stop(): Promise<void> {
    return this.kept.stop();
  }
}

const failed = (cause: unknown): VeritrainError =>
  demoError('VT9605', cause instanceof Error ? cause.message : 'MinIO stopped.', { cause });
