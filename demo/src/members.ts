import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Role } from '@veritrain/client-sdk';
import {
  createProfile,
  enrolMember,
  randomEnrolmentId,
  readMarketEndpoint,
  readMspUser,
  registerParticipant,
  registrarOf,
} from '@veritrain/member/enrolment';
import { type Member, openMember } from '@veritrain/member/profile';
import { organizations } from './ledger.js';
import { hostName } from './slots.js';
import type { Stage } from './stage.js';
import { countTraffic } from './traffic.js';

/** A member of the demo's market, with its name. */
export interface DemoMember {
  readonly name: string;
  readonly member: Member;
  readonly participantId: string;
}

export interface Cast {
  readonly dataOwner: DemoMember;
  readonly modelOwner: DemoMember;
  readonly hosts: readonly DemoMember[];
}

const organizationOf = (index: number): string => `org${index}.example.com`;

/** The market's operators: an administrator of each organisation. They open the market together and take no part in it. */
export const openOperators = (stage: Stage): Promise<Member[]> =>
  Promise.all(Array.from({ length: organizations }, (_, index) => openOperator(stage, index + 1)));

async function openOperator(stage: Stage, index: number): Promise<Member> {
  const organization = organizationOf(index);
  const { connection, tls } = readMarketEndpoint(stage.ledgerFolder, organization);
  const home = await createProfile({
    ...profileOf(stage, index === 1 ? 'operator' : `operator-${index}`),
    connection,
    tls,
    credentials: readMspUser({
      organizations: connection.organizations ?? '',
      organization,
      user: 'Admin',
    }),
  });
  return openMember(home.folder);
}

interface Part {
  readonly name: string;
  readonly organization: string;
  readonly role: Role;
}

/** All members that take part, each enrolled, with a profile of its own, and registered under a pseudonym. */
export async function openCast(stage: Stage): Promise<Cast> {
  const parts: Part[] = [
    { name: 'data-owner', organization: organizationOf(1), role: 'dataOwner' },
    { name: 'model-owner', organization: organizationOf(2), role: 'modelOwner' },
    ...Array.from({ length: stage.run.plan.hosts }, (_, host) => ({
      name: hostName(host),
      organization: organizationOf(3),
      role: 'cloudOwner' as const,
    })),
  ];
  const [dataOwner, modelOwner, ...hosts] = await Promise.all(parts.map((part) => openPart(stage, part)));
  if (dataOwner === undefined || modelOwner === undefined) throw new Error('the cast is incomplete');
  return { dataOwner, modelOwner, hosts };
}

async function openPart(stage: Stage, { name, organization, role }: Part): Promise<DemoMember> {
  const { connection, tls, certificateAuthority } = readMarketEndpoint(stage.ledgerFolder, organization);
  const credentials = await enrolMember({
    url: certificateAuthority?.url ?? '',
    tlsRootPem: certificateAuthority?.tlsRootPem,
    organization,
    enrolmentId: randomEnrolmentId(),
    registrar: registrarOf(connection),
    attributes: { 'veritrain.roles': role },
  });
  const home = await createProfile({ ...profileOf(stage, name), connection, tls, credentials });
  const member = countTraffic(await openMember(home.folder), stage.traffic);
  const { signal } = stage.run;
  const { participant } = await registerParticipant(member, { roles: [role] }, { signal });
  return { name, member, participantId: participant.participantId };
}

const profileOf = ({ run: { folder, options } }: Stage, name: string) => ({
  name,
  folder: join(folder, 'profiles', name),
  vault: join(folder, 'vault'),
  seed: memberSeed(options.seed, name),
});

/**
 * The seed of a member's keyring, from which all its secrets, keys, ids, nonces and links derive. It depends on the demo's
 * seed and on the member. Without a demo's seed there is none, and the keyring makes random secrets.
 */
export function memberSeed(demoSeed: string | undefined, member: string): string | undefined {
  if (demoSeed === undefined) return undefined;
  return createHmac('sha256', demoSeed)
    .update(JSON.stringify(['veritrain/demo/1', member]))
    .digest('hex');
}
