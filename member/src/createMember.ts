import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@veritrain/client-sdk';
import type { LedgerTiming } from '@veritrain/client-sdk/fabric';
import { roleSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';
import type { ActionContext } from './calls/action.js';
import { createProfile } from './enrolment/createProfile.js';
import { enrolMember, randomEnrolmentId, registrarOf } from './enrolment/enrolMember.js';
import { type MarketEndpoint, readMarketEndpoint } from './enrolment/marketEndpoint.js';
import { defaultMspId, type Credentials } from './enrolment/mspUser.js';
import { registerParticipant } from './enrolment/registerParticipant.js';
import { memberError } from './errors/memberError.js';
import { MemberHome } from './home/memberHome.js';
import { checkArgument } from './home/userInput.js';
import { MarketMember } from './marketMember.js';
import { openMember as connectMember, veritrainHome, type Member } from './profile/member.js';
import { requireParticipant } from './profile/profileFile.js';

/** What `createMember` needs. */
export interface CreateMemberInput {
  /** The profile's name: lower-case letters, digits and dashes. */
  readonly name: string;
  /** At least one. A registered member's roles never change. */
  readonly roles: readonly Role[];
  /** The folder or connection file of an embedded ledger or a `veritrain network`; or how to reach another network. */
  readonly market: string | MarketEndpoint;
  /** Domain of the organisation, such as `org1.example.com`. Needed if the market has several. */
  readonly organization?: string;
  /** Given by the CA's registrar. Not needed on a market for development, whose connection names a registrar. */
  readonly enrolment?: {
    /** The name under which the CA knows the member. The certificate shows it to everyone on the ledger. */
    readonly id: string;
    /** Usually valid for one enrolment. */
    readonly secret: string;
  };
  /** Folder of the market's vault. For an S3 vault see `vaultUse`. */
  readonly vault: string;
  /** Holds `profiles/`. Default: `VERITRAIN_HOME`, or `.veritrain` in the home folder. */
  readonly home?: string;
  /** Opens the keyring. Default: a new key file beside it. */
  readonly passphrase?: string | undefined;
}

/**
 * Makes a member of a market: enrols it with the CA, makes its keys and its profile, and registers it with its roles. A
 * repeated call opens the existing profile, and registers the member if it is not registered yet.
 *
 * @throws WRONG_ARGUMENT, FILE_MISSING, FILE_INVALID, IDENTITY_MISSING; FILE_EXISTS if a profile of this name belongs to
 * another market; ENROLMENT_FAILED; ALREADY_REGISTERED with other roles; refusals of RegisterParticipant
 */
export async function createMember(
  input: CreateMemberInput,
  context: ActionContext = {},
): Promise<MarketMember> {
  const { name, roles } = checkArgument(memberInput, input);
  const passphrase = input.passphrase ?? process.env.VERITRAIN_PASSPHRASE ?? null;
  const folder = join(input.home ?? veritrainHome(), 'profiles', name);
  const endpoint =
    typeof input.market === 'string' ? readMarketEndpoint(input.market, input.organization) : input.market;
  requireRoots(endpoint);
  if (!existsSync(join(folder, 'profile.json')))
    await makeProfile(folder, endpoint, { ...input, passphrase: passphrase ?? undefined });
  const member = await connectMember(folder, undefined, passphrase);
  try {
    requireSameMarket(member, endpoint);
    const { participant } = await registerParticipant(member, { roles }, context);
    return new MarketMember(member, participant);
  } catch (error) {
    member.close();
    throw error;
  }
}

const memberInput = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes'),
  roles: z.array(roleSchema).min(1),
});

/** How `openMember` connects. */
export interface OpenMemberOptions {
  /** Time limits that replace the SDK's defaults. */
  readonly timing?: Partial<LedgerTiming>;
  /** Opens the keyring. Default: `VERITRAIN_PASSPHRASE`; not needed if a key file opens it. */
  readonly passphrase?: string | undefined;
}

/**
 * Opens an existing member.
 *
 * @param reference a profile's name, folder or file; default: `VERITRAIN_PROFILE`, or the only profile
 * @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS, NOT_REGISTERED; KEYRING_LOCKED for a wrong passphrase
 */
export async function openMember(
  reference?: string,
  { timing, passphrase, signal }: ActionContext & OpenMemberOptions = {},
): Promise<MarketMember> {
  const member = await connectMember(reference, timing, passphrase);
  try {
    return new MarketMember(member, await requireParticipant(member, { signal }));
  } catch (error) {
    member.close();
    throw error;
  }
}

/** Checked before the enrolment uses up its secret: endorsed reads need the pinned roots of the organisations. */
function requireRoots({ connection: { organizations } }: MarketEndpoint): void {
  if (organizations !== undefined) return;
  throw memberError('VT9001', 'The market names no folder of organisations, so there are no roots to pin.', {
    hint: 'Give `connection.organizations`: a folder with `peerOrganizations/<domain>/msp` of each, as Fabric’s tools make it.',
  });
}

function requireSameMarket({ market: { profile }, home }: Member, { connection }: MarketEndpoint): void {
  const { gateway, channel, chaincode } = connection;
  if (profile.gateway.address === gateway && profile.channel === channel && profile.chaincode === chaincode)
    return;
  throw memberError('VT9005', `The profile ${profile.name} belongs to another market.`, {
    facts: { profile: home.folder, gateway: profile.gateway.address, wanted: gateway },
    hint: 'Give another name, or another `home`: a profile holds keys that cannot be made again.',
  });
}

async function makeProfile(
  folder: string,
  endpoint: MarketEndpoint,
  input: CreateMemberInput,
): Promise<void> {
  await createProfile({
    name: input.name,
    folder,
    connection: endpoint.connection,
    tls: endpoint.tls,
    credentials: keptCredentials(folder, endpoint, input) ?? (await enrol(endpoint, input)),
    certificateAuthority: endpoint.certificateAuthority,
    vault: input.vault,
    passphrase: input.passphrase,
  });
}

/** The credentials of an earlier call that was interrupted after enrolment: its secret cannot be used again. */
function keptCredentials(
  folder: string,
  { mspId, organization: only }: MarketEndpoint,
  { organization = only }: CreateMemberInput,
): Credentials | undefined {
  const home = new MemberHome(folder);
  if (!existsSync(home.certificatePath) || !existsSync(home.keyPath)) return undefined;
  const msp = mspId ?? (organization === undefined ? undefined : defaultMspId(organization));
  if (msp === undefined) return undefined;
  return {
    mspId: msp,
    certificatePem: readFileSync(home.certificatePath, 'utf8'),
    privateKeyPem: readFileSync(home.keyPath, 'utf8'),
  };
}

function enrol(
  { certificateAuthority: ca, connection, mspId, organization: only }: MarketEndpoint,
  { organization = only, enrolment, roles }: CreateMemberInput,
): Promise<Credentials> {
  if (ca === undefined)
    throw memberError('VT9001', 'The market names no certificate authority to enrol with.', {
      hint: 'Give `market` as an object with a `certificateAuthority`, or make the profile with `createProfile`.',
    });
  if (organization === undefined)
    throw memberError('VT9001', 'The market has several organisations; choose one.', {
      hint: 'Give the domain of your organisation as `organization`, such as org1.example.com.',
    });
  const at = { url: ca.url, tlsRootPem: ca.tlsRootPem, caName: ca.name, organization, mspId };
  if (enrolment !== undefined)
    return enrolMember({ ...at, enrolmentId: enrolment.id, secret: enrolment.secret });
  return enrolMember({
    ...at,
    enrolmentId: randomEnrolmentId(),
    registrar: registrarOf(connection),
    attributes: { 'veritrain.roles': roles.join(' ') },
  });
}
