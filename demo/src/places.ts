import { readFileSync } from 'node:fs';
import { type Member, openMember } from '@veritrain/member/profile';
import type { ActionContext } from '@veritrain/member/calls';
import { vaultInit, vaultUse } from '@veritrain/member/vault';
import type { Cast, DemoMember } from './members.js';
import type { MinioVault } from './minioVault.js';
import { countTraffic, type TrafficCounter } from './traffic.js';

const dayMs = 86_400_000;

export interface PlacesInput {
  readonly operator: Member;
  readonly cast: Cast;
  readonly vault: MinioVault;
  /** Where the operator keeps grants and the market's key. */
  readonly folder: string;
  readonly traffic: TrafficCounter;
}

/** Gives everybody a place in the vault, as its operator; each takes its own, and works there from then on. */
export async function takePlaces(
  { operator, cast, vault, folder, traffic }: PlacesInput,
  context: ActionContext,
): Promise<Cast> {
  const { grants, operatorId } = await vaultInit(
    operator,
    { s3: vault.s3, folder, validMs: dayMs, expireBriefDays: 1 },
    context,
  );
  const take = async ({ name, member, participantId }: DemoMember): Promise<DemoMember> => {
    const grant = grants.find((one) => one.participantId === participantId);
    if (grant === undefined) throw new Error(`${name} was granted nothing`);
    await vaultUse(
      member,
      {
        sealed: readFileSync(grant.file, 'utf8'),
        operatorId,
        agree: () => Promise.resolve(),
      },
      context,
    );
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
