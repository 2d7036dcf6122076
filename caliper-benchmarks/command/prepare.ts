import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { enrolMember, randomEnrolmentId } from '@veritrain/member/enrolment';
import { isVeritrainError, type MarketSettings, type Role } from '@veritrain/client-sdk';
import { connectLedger, type Ledger, type LedgerIdentity } from '@veritrain/client-sdk/fabric';
import { inMemoryKeyring, participantIdOf } from '@veritrain/client-sdk/keys';
import {
  type InputOf,
  qualifiedName,
  type TransactionName,
  transactions,
} from '@veritrain/client-sdk/protocol';
import { chunksOf } from '../workloads/chunks.js';
import { clockTimes } from '../workloads/clockTimes.js';
import type { PreparedCast, PreparedIdentity, PreparedMember } from '../workloads/preparedMarket.js';
import { organizationsOf, type NetworkReference, type Organization } from './organizations.js';
import { writeNetworkConfig, type EnrolledIdentity } from './networkConfig.js';

export interface IdentitiesInput {
  readonly reference: NetworkReference;
  /** The folder for Caliper's network configuration and the files that it names. */
  readonly folder: string;
  /** Maximum workers of a benchmark. Each gets its own members. */
  readonly workers: number;
  /** Maximum replicas of its couples. A worker gets as many hosts. */
  readonly replicas: number;
  /** Casts, for workloads with many acting members. Default: one for each worker. */
  readonly casts?: number | undefined;
  /** Identities to enrol without registration, one for each call of RegisterParticipant. Default: 0. */
  readonly newcomers?: number | undefined;
  /** Other chaincodes on the channel that workloads call. */
  readonly contracts?: readonly string[] | undefined;
  readonly onProgress: (what: string) => void;
}

export interface PrepareInput extends IdentitiesInput {
  /** Period of the market's clock if the market is not configured yet. */
  readonly tickPeriodMs: number;
}

/** A tick makes concurrent readers of the clock retry, so a period is at least ten commits under load. */
export const defaultTickPeriodMs = 10_000;

const marketNotConfigured = 'VT0205';
const tickTooEarly = 'VT0401';
const callFailed = 'VT8105';
const weekMs = 7 * 86_400_000;

/** Maximum concurrent enrolments. */
const concurrency = 8;

/**
 * Prepares a network for the workloads: opens the market if necessary, enrols members with the organisations' CAs,
 * registers them, and writes Caliper's network configuration, with an administrator of each organisation.
 *
 * @returns the path of the network configuration
 * @throws VeritrainError for the network's refusals and missing parts
 */
export async function prepareNetwork(input: PrepareInput): Promise<string> {
  const organizations = organizationsOf(input.reference);
  input.onProgress(`opening the market of ${organizations.map(({ mspId }) => mspId).join(', ')}`);
  const settings = await openMarket(organizations, input.tickPeriodMs);
  return enrolAll(organizations, input, joinMarket, settings);
}

/**
 * The same without a market, for workloads of another contract, whose only members are those that it creates itself.
 *
 * @returns the path of the network configuration
 * @throws VeritrainError for the network's refusals and missing parts
 */
export const prepareIdentities = (input: IdentitiesInput): Promise<string> =>
  enrolAll(organizationsOf(input.reference), input, enrol);

type Join = (organization: Organization, name: string, role: Role) => Promise<Enrolled>;

async function enrolAll(
  organizations: readonly Organization[],
  input: IdentitiesInput,
  join: Join,
  settings?: MarketSettings,
): Promise<string> {
  const { folder, workers, replicas, newcomers = 0, contracts, onProgress } = input;
  const casts = Math.max(workers, input.casts ?? 0);
  onProgress(`enrolling ${casts * (replicas + 2)} members`);
  const played = await pMap(
    castPlans(casts, replicas),
    ({ cast, name, role }) => join(organizationAt(organizations, cast), name, role),
    { concurrency },
  );
  if (newcomers > 0) onProgress(`enrolling ${newcomers} newcomers`);
  const unregistered = await pMap(
    Array(newcomers).keys(),
    (at) => enrol(organizationAt(organizations, at), `newcomer-${at}`, 'cloudOwner'),
    { concurrency },
  );
  const administrators = organizations.map(administratorOf);
  const identities = [...played, ...unregistered, ...administrators].map(({ identity }) => identity);
  const prepared = {
    casts: castsOf(played, replicas),
    administrators: administrators.map(({ member }) => member),
    newcomers: unregistered.map(({ member }) => member),
    ...(settings === undefined ? {} : { settings }),
  };
  return writeNetworkConfig(folder, organizations, identities, prepared, contracts);
}

/**
 * One organisation for all members of a cast. An agent acts on its own peer's committed state, so members of one
 * organisation never wait for another peer.
 */
function organizationAt(organizations: readonly Organization[], at: number): Organization {
  const organization = organizations[at % organizations.length];
  if (organization === undefined) throw new Error('The network has no organisation.');
  return organization;
}

interface PlannedMember {
  readonly cast: number;
  readonly name: string;
  readonly role: Role;
}

/** The members of all casts: the data owner, the model owner and the hosts of each. */
const castPlans = (casts: number, replicas: number): PlannedMember[] =>
  Array.from({ length: casts }, (_, cast): PlannedMember[] => [
    { cast, name: `data-owner-${cast}`, role: 'dataOwner' },
    { cast, name: `model-owner-${cast}`, role: 'modelOwner' },
    ...Array.from({ length: replicas }, (__, host): PlannedMember => ({
      cast,
      name: `host-${host}-${cast}`,
      role: 'cloudOwner',
    })),
  ]).flat();

/** The inverse of `castPlans`, in the same order. */
const castsOf = (played: readonly Enrolled[], replicas: number): PreparedCast[] =>
  chunksOf(played, replicas + 2).map((cast) => {
    const [dataOwner, modelOwner, ...hosts] = cast.map(({ member }) => member);
    if (dataOwner === undefined || modelOwner === undefined) throw new Error('a cast lacks an owner');
    return { dataOwner, modelOwner, hosts };
  });

/** The identity that proposes and votes for the organisation. */
function administratorOf({ mspId, administrator }: Organization): {
  readonly identity: EnrolledIdentity;
  readonly member: PreparedIdentity;
} {
  const name = `administrator-${mspId}`;
  return { identity: { ...administrator, name }, member: { identity: name, mspId } };
}

/** @returns the market's settings, which another opener may have chosen */
async function openMarket(
  organizations: readonly Organization[],
  tickPeriodMs: number,
): Promise<MarketSettings> {
  const settings = {
    votingOrganizations: organizations.map(({ mspId }) => mspId),
    ...clockTimes(tickPeriodMs, weekMs),
    leastReplicas: 1,
    rolesFromAttributes: false,
    companyTagRequired: false,
  };
  for (const organization of organizations) {
    await asMember(organization, organization.administrator, async (ledger) => {
      if (!(await isConfigured(ledger))) await submit(ledger, 'ConfigureMarket', settings);
    });
  }
  const first = organizationAt(organizations, 0);
  return asMember(first, first.administrator, async (ledger) => {
    await tickOnce(ledger);
    return settingsOf(ledger);
  });
}

async function settingsOf(ledger: Ledger): Promise<MarketSettings> {
  const answer = await ledger.evaluate({ name: qualifiedName('GetConfig'), argument: '{}' });
  return transactions.GetConfig.output.parse(JSON.parse(Buffer.from(answer).toString())).settings;
}

async function isConfigured(ledger: Ledger): Promise<boolean> {
  try {
    await settingsOf(ledger);
    return true;
  } catch (error) {
    if (isVeritrainError(error, marketNotConfigured)) return false;
    throw error;
  }
}

/** Gives the clock a time. If somebody has just ticked, it already has one. */
async function tickOnce(ledger: Ledger): Promise<void> {
  try {
    await submit(ledger, 'Tick', {});
  } catch (error) {
    if (!isVeritrainError(error, tickTooEarly)) throw error;
  }
}

interface Enrolled {
  readonly identity: EnrolledIdentity;
  readonly member: PreparedMember;
}

/** Enrols and registers a member. */
async function joinMarket(organization: Organization, name: string, role: Role): Promise<Enrolled> {
  const enrolled = await enrol(organization, name, role);
  const { participantId, seed } = enrolled.member;
  const { signingKey, encryptionKey } = inMemoryKeyring(seed);
  const registration = { participantId, roles: [role], signingKey, encryptionKey };
  await asMember(organization, enrolled.identity, (ledger) =>
    withRetries(() => submit(ledger, 'RegisterParticipant', registration)),
  );
  return enrolled;
}

/** A certificate from the organisation's CA, and the keys to register with it. */
async function enrol(organization: Organization, name: string, role: Role): Promise<Enrolled> {
  const { endpoint, domain, mspId, registrar } = organization;
  const authority = endpoint.certificateAuthority;
  if (authority === undefined) {
    throw new Error(
      `${domain} has no certificate authority, so no members can be enrolled: start the network with its CAs (veritrain network up --ca, ./network.sh up -ca).`,
    );
  }
  const credentials = await enrolMember({
    url: authority.url,
    tlsRootPem: authority.tlsRootPem,
    ...(authority.name === undefined ? {} : { caName: authority.name }),
    organization: domain,
    mspId,
    enrolmentId: randomEnrolmentId(),
    registrar,
    attributes: { 'veritrain.roles': role },
  });
  const seed = randomBytes(32).toString('hex');
  const { signingKey, encryptionKey } = inMemoryKeyring(seed);
  const participantId = participantIdOf({ signingKey, encryptionKey });
  return {
    identity: { ...credentials, name },
    member: { identity: name, mspId, participantId, seed },
  };
}

/** Of a thousand calls one may reach peers that lag behind, or time out. */
const maxTries = 3;
const pauseMs = 1_000;

/** Retries after failures of the network, but not after a refusal of the contract. */
async function withRetries<T>(act: () => Promise<T>, tries = 1): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (tries === maxTries || !isVeritrainError(error, callFailed)) throw error;
    await delay(tries * pauseMs);
    return withRetries(act, tries + 1);
  }
}

async function submit<Name extends TransactionName>(
  ledger: Ledger,
  name: Name,
  input: InputOf<Name>,
): Promise<void> {
  await ledger.submit({ name: qualifiedName(name), argument: JSON.stringify(input) });
}

async function asMember<T>(
  { endpoint: { connection, tls } }: Organization,
  identity: LedgerIdentity,
  act: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const { gateway: address, channel, chaincode } = connection;
  const ledger = connectLedger({ address, tls, identity, channel, chaincode });
  try {
    return await act(ledger);
  } finally {
    ledger.close();
  }
}
