import { randomBytes } from 'node:crypto';
import { enrolMember, randomEnrolmentId } from '@veritrain/agents';
import {
  connectLedger,
  inMemoryKeyring,
  isVeritrainError,
  leastPeriods,
  participantIdOf,
  qualifiedName,
  type InputOf,
  type Ledger,
  type LedgerIdentity,
  type Role,
  type TransactionName,
} from '@veritrain/client-sdk';
import type { PreparedCast, PreparedMember } from '../workloads/preparedMarket.js';
import { organizationsOf, type NetworkReference, type Organization } from './organizations.js';
import { writeNetworkConfig, type EnrolledIdentity } from './networkConfig.js';

export interface PrepareInput {
  readonly reference: NetworkReference;
  /** Gets Caliper's network configuration and all that it names. */
  readonly folder: string;
  /** Most workers that a benchmark may have: each gets members of its own. */
  readonly workers: number;
  /** Most replicas that its couples may have: a worker gets as many hosts. */
  readonly replicas: number;
  /** Period of the market's clock, where the market is not configured yet. */
  readonly tickPeriodMs: number;
  readonly onProgress: (what: string) => void;
}

/** A tick makes whoever reads the clock just then try again, so a period is at least ten commits under load. */
export const defaultTickPeriodMs = 10_000;

const marketNotConfigured = 'VT0205';
const tickTooEarly = 'VT0401';
const weekMs = 7 * 86_400_000;

/**
 * Makes a network ready for the workloads: opens the market where nobody did, enrols members with the organisations' CAs,
 * registers them, and writes Caliper's network configuration.
 *
 * @returns the path of the network configuration
 * @throws AgentsError, VeritrainError for what a network refuses or does not have
 */
export async function prepareNetwork(input: PrepareInput): Promise<string> {
  const { reference, folder, workers, replicas, onProgress } = input;
  const organizations = organizationsOf(reference);
  onProgress(`opening the market of ${organizations.map(({ mspId }) => mspId).join(', ')}`);
  await openMarket(organizations, input.tickPeriodMs);
  onProgress(`enrolling ${workers * (replicas + 2)} members`);
  const identities: EnrolledIdentity[] = [];
  const casts: PreparedCast[] = [];
  for (let worker = 0; worker < workers; worker += 1) {
    // One organisation for all members of a couple: an agent acts on what its own peer has committed, and so does each
    // of them here without waiting for the peer of another.
    const organization = organizations[worker % organizations.length];
    if (organization === undefined) throw new Error('The network has no organisation.');
    const join = async (name: string, role: Role): Promise<PreparedMember> => {
      const { identity, member } = await joinMarket(organization, `${name}-${worker}`, role);
      identities.push(identity);
      return member;
    };
    const dataOwner = await join('data-owner', 'dataOwner');
    const modelOwner = await join('model-owner', 'modelOwner');
    const hosts: PreparedMember[] = [];
    for (let host = 0; host < replicas; host += 1) hosts.push(await join(`host-${host}`, 'cloudOwner'));
    casts.push({ dataOwner, modelOwner, hosts });
  }
  return writeNetworkConfig(folder, organizations, identities, casts);
}

async function openMarket(organizations: readonly Organization[], tickPeriodMs: number): Promise<void> {
  const settings = {
    votingOrganizations: organizations.map(({ mspId }) => mspId),
    tickPeriodMs,
    windowMs: Math.floor(tickPeriodMs / 2),
    leastDeadlineMs: leastPeriods * tickPeriodMs,
    mostDeadlineMs: Math.max(weekMs, 5 * leastPeriods * tickPeriodMs),
    leastReplicas: 1,
    rolesFromAttributes: false,
    companyTagRequired: false,
  };
  for (const organization of organizations) {
    await asMember(organization, organization.administrator, async (ledger) => {
      if (!(await isConfigured(ledger))) await submit(ledger, 'ConfigureMarket', settings);
    });
  }
  const [first] = organizations;
  if (first !== undefined) await asMember(first, first.administrator, tickOnce);
}

async function isConfigured(ledger: Ledger): Promise<boolean> {
  try {
    await ledger.evaluate({ name: qualifiedName('GetConfig'), argument: '{}' });
    return true;
  } catch (error) {
    if (isVeritrainError(error, marketNotConfigured)) return false;
    throw error;
  }
}

/** So that the clock has a time. Where somebody ticked just now, it has one. */
async function tickOnce(ledger: Ledger): Promise<void> {
  try {
    await submit(ledger, 'Tick', {});
  } catch (error) {
    if (!isVeritrainError(error, tickTooEarly)) throw error;
  }
}

interface Joined {
  readonly identity: EnrolledIdentity;
  readonly member: PreparedMember;
}

async function joinMarket(organization: Organization, name: string, role: Role): Promise<Joined> {
  const { way, domain, mspId, registrar } = organization;
  const authority = way.certificateAuthority;
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
  const registration = { participantId, roles: [role], signingKey, encryptionKey };
  await asMember(organization, credentials, (ledger) => submit(ledger, 'RegisterParticipant', registration));
  return {
    identity: { ...credentials, name },
    member: { identity: name, mspId, participantId, seed },
  };
}

async function submit<Name extends TransactionName>(
  ledger: Ledger,
  name: Name,
  input: InputOf<Name>,
): Promise<void> {
  await ledger.submit({ name: qualifiedName(name), argument: JSON.stringify(input) });
}

async function asMember<T>(
  { way: { connection, tls } }: Organization,
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
