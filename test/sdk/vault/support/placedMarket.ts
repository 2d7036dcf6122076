import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMember, type Member } from '@veritrain/member/profile';
import { inviteHosts, type InviteFile } from '@veritrain/member/datasets';
import { vaultInit, vaultUse, type IssuedGrant } from '@veritrain/member/vault';
import { s3Vault, type S3Options, type S3Vault } from '@veritrain/client-sdk/s3';
import { Stage } from '../../../support/stage.js';
import type { StoryMember } from '../../../support/storyMarket.js';
import { TestMinio } from './minio.js';

const dayMs = 86_400_000;

/** Agrees to what a grant changes. */
export const yes = (): Promise<void> => Promise.resolve();

/** A market on the embedded ledger whose vault is MinIO: every member has a place of its own in it. */
export class PlacedMarket {
  private readonly reopened: Member[] = [];

  private constructor(
    readonly stage: Stage,
    readonly minio: TestMinio,
    readonly operator: Member,
  ) {}

  /** @param data where MinIO keeps its objects */
  static async open(data?: string): Promise<PlacedMarket> {
    const [stage, minio] = await Promise.all([
      Stage.open(),
      TestMinio.start(data === undefined ? {} : { data }),
    ]);
    return new PlacedMarket(
      stage,
      minio,
      await openMember(join(stage.market.folder, 'profiles', 'operator')),
    );
  }

  get grantsFolder(): string {
    return join(this.stage.market.folder, 'grants');
  }

  /** As who runs the vault: grants for everybody who has joined. */
  async grant(s3: S3Options = this.minio.s3): Promise<IssuedGrant[]> {
    const input = { s3, folder: this.grantsFolder, validMs: dayMs, expireBriefDays: 30 };
    return (await vaultInit(this.operator, input, {})).grants;
  }

  /** Grants everybody a place; @returns these members, at their places */
  async place(...members: StoryMember[]): Promise<StoryMember[]> {
    const grants = await this.grant();
    return Promise.all(
      members.map(async (member) => {
        const { file } = grants.find(({ participantId }) => participantId === member.participantId)!;
        await vaultUse(member.member, { sealed: readFileSync(file, 'utf8'), agree: yes }, {});
        const placed = await openMember(member.profile);
        this.reopened.push(placed);
        const at = { ...member, member: placed };
        this.stage.replace(at);
        return at;
      }),
    );
  }

  /** Invites a host to one slot, and lends it the package. */
  async presignedFor(
    owner: StoryMember,
    host: StoryMember,
    instanceId: string,
    presignMs: number,
  ): Promise<InviteFile[]> {
    const member = await openMember(owner.profile);
    this.reopened.push(member);
    const { participantId } = host;
    const { datasetId } = await member.market.instances.get({ instanceId });
    const assignments = [{ instanceId, participantId }];
    return inviteHosts(member, { datasetId, assignments, expiresAt: Date.now() + dayMs, presignMs }, {});
  }

  /** The bucket as this member's own credentials show it, past all that the SDK would not ask. */
  bucketOf({ member }: StoryMember): S3Vault {
    const { vault } = member.market.profile;
    if (vault.kind !== 's3') throw new Error('this member has no place');
    return s3Vault(vault);
  }

  async close(): Promise<void> {
    for (const member of [...this.reopened, this.operator]) member.close();
    await this.stage.market.stop();
    await this.minio.stop();
  }
}
