import { join } from 'node:path';
import type { Role } from '@veritrain/client-sdk';
import {
  createProfile,
  enrolMember,
  randomEnrolmentId,
  readMarketWay,
  readMspUser,
  registerParticipant,
  registrarOf,
} from '@veritrain/member/enrolment';
import { type Member, openMember } from '@veritrain/member/profile';
import { organizations } from './ledger.js';
import { memberSeed } from './memberSeed.js';
import type { SlotPlan } from './slots.js';
import { countTraffic, type TrafficCounter } from './traffic.js';
import { hostName } from './verdicts.js';

/** A member of the demo's market: its name, and itself. */
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

export interface CastOptions {
  /** The demo's folder; profiles and the vault lie in it. */
  readonly folder: string;
  /** The ledger's, or the network's, folder, which holds its connection file. */
  readonly ledger: string;
  readonly seed: string | undefined;
  readonly plan: SlotPlan;
  readonly traffic: TrafficCounter;
  readonly signal: AbortSignal;
}

const organizationOf = (index: number): string => `org${index}.example.com`;

/** The market's operators: an administrator of each organisation, who together open the market and take no part in it. */
export const openOperators = (options: CastOptions): Promise<Member[]> =>
  Promise.all(Array.from({ length: organizations }, (_, index) => openOperator(options, index + 1)));

async function openOperator({ folder, ledger, seed }: CastOptions, index: number): Promise<Member> {
  const organization = organizationOf(index);
  const name = index === 1 ? 'operator' : `operator-${index}`;
  const { connection, tls } = readMarketWay(ledger, organization);
  const home = await createProfile({
    name,
    folder: profileFolder(folder, name),
    connection,
    tls,
    credentials: readMspUser({
      organizations: connection.organizations ?? '',
      organization,
      user: 'Admin',
    }),
    vault: join(folder, 'vault'),
    seed: memberSeed(seed, name),
  });
  return openMember(home.folder);
}

/** Everybody who takes part, enrolled, with a profile of its own, and registered under a pseudonym. */
export async function openCast(options: CastOptions): Promise<Cast> {
  const hosts = Array.from({ length: options.plan.hosts }, (_, host) => ({
    name: hostName(host),
    organization: organizationOf(3),
    role: 'cloudOwner' as const,
  }));
  const [dataOwner, modelOwner, ...others] = await Promise.all(
    [
      { name: 'data-owner', organization: organizationOf(1), role: 'dataOwner' as const },
      { name: 'model-owner', organization: organizationOf(2), role: 'modelOwner' as const },
      ...hosts,
    ].map((member) => openOne(options, member)),
  );
  if (dataOwner === undefined || modelOwner === undefined) throw new Error('the cast is incomplete');
  return { dataOwner, modelOwner, hosts: others };
}

interface Part {
  readonly name: string;
  readonly organization: string;
  readonly role: Role;
}

async function openOne(options: CastOptions, { name, organization, role }: Part): Promise<DemoMember> {
  const { folder, ledger, seed, signal } = options;
  const { connection, tls, certificateAuthority } = readMarketWay(ledger, organization);
  const credentials = await enrolMember({
    url: certificateAuthority?.url ?? '',
    tlsRootPem: certificateAuthority?.tlsRootPem,
    organization,
    enrolmentId: randomEnrolmentId(),
    registrar: registrarOf(connection),
    attributes: { 'veritrain.roles': role },
  });
  const home = await createProfile({
    name,
    folder: profileFolder(folder, name),
    connection,
    tls,
    credentials,
    vault: join(folder, 'vault'),
    seed: memberSeed(seed, name),
  });
  const member = countTraffic(await openMember(home.folder), options.traffic);
  const { participant } = await registerParticipant(member, { roles: [role] }, { signal });
  return { name, member, participantId: participant.participantId };
}

const profileFolder = (folder: string, name: string): string => join(folder, 'profiles', name);
