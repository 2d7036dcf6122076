import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '@veritrain/client-sdk';
import type { LedgerTiming } from '@veritrain/client-sdk/fabric';
import { roleSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';
import { checkArgument } from './calls/checkArgument.js';
import type { ActionContext } from './calls/context.js';
import { createProfile } from './enrolment/createProfile.js';
import { enrolMember, randomEnrolmentId, registrarOf } from './enrolment/enrolMember.js';
import type { MarketWay } from './enrolment/marketWay.js';
import { defaultMspId, type Credentials } from './enrolment/mspUser.js';
import { requireParticipant } from './enrolment/profileFile.js';
import { readMarketWay } from './enrolment/readMarketWay.js';
import { registerParticipant } from './enrolment/registerParticipant.js';
import { memberError } from './errors/memberError.js';
import { MemberHome } from './home/memberHome.js';
import { MarketMember } from './marketMember.js';
import { openMember as connectMember, veritrainHome, type Member } from './profile/member.js';

export interface CreateMemberInput {
  /** Of the profile: lower-case letters, digits and dashes. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** The folder, or the connection file, of an embedded ledger or of a `veritrain network`; or how to reach another one. */
  readonly market: string | MarketWay;
  /** Domain of the organisation, such as `org1.example.com`, where the market has several. */
  readonly organization?: string;
  /** What the CA's registrar gave. A market for development names a registrar itself, so that none is needed. */
  readonly enrolment?: { readonly id: string; readonly secret: string };
  /** Folder of the market's vault. A place in an S3 vault is taken with `vaultUse`. */
  readonly vault: string;
  /** Holds `profiles/`. Default: `VERITRAIN_HOME`, or `.veritrain` in the home folder. */
  readonly home?: string;
  /** Opens the keyring; without one a key file is made beside it. */
  readonly passphrase?: string | undefined;
}

/**
 * Makes a member of a market: enrols it with the CA, makes its keys and its profile, and registers it with its roles. Called
 * again it opens the profile that is there, and registers a member that is not registered yet.
 *
 * @throws WRONG_ARGUMENT, FILE_MISSING, FILE_INVALID; FILE_EXISTS where the profile of this name is of another market;
 * ENROLMENT_FAILED with what the CA says; ALREADY_REGISTERED with other roles; what RegisterParticipant refuses
 */
export async function createMember(
  input: CreateMemberInput,
  context: ActionContext = {},
): Promise<MarketMember> {
  const { name, roles } = checkArgument(memberInput, input);
  const passphrase = input.passphrase ?? process.env.VERITRAIN_PASSPHRASE ?? null;
  const folder = join(input.home ?? veritrainHome(), 'profiles', name);
  const way =
    typeof input.market === 'string' ? readMarketWay(input.market, input.organization) : input.market;
  requireRoots(way);
  if (!existsSync(join(folder, 'profile.json')))
    await makeProfile(folder, way, { ...input, passphrase: passphrase ?? undefined });
  const member = await connectMember(folder, undefined, passphrase);
  try {
    requireSameMarket(member, way);
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

export interface OpenMemberOptions {
  /** How long to wait for what, where the SDK's defaults do not suit. */
  readonly timing?: Partial<LedgerTiming>;
  readonly passphrase?: string | undefined;
}

/**
 * Opens a member that was made before.
 *
 * @param reference a profile's name, folder or file; default: `VERITRAIN_PROFILE`, or the only one there is
 * @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS, NOT_REGISTERED; KEYRING_LOCKED where its passphrase is wrong
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

/** Before the secret of the enrolment is used: what cannot be undone is read of several organisations, by their roots. */
function requireRoots({ connection: { organizations } }: MarketWay): void {
  if (organizations !== undefined) return;
  throw memberError('VT9001', 'The market names no folder of its organisations, whose roots a member pins.', {
    hint: 'Give `connection.organizations`: a folder with `peerOrganizations/<domain>/msp` of each, as Fabric’s tools make it.',
  });
}

function requireSameMarket({ market: { profile }, home }: Member, { connection }: MarketWay): void {
  const { gateway, channel, chaincode } = connection;
  if (profile.gateway.address === gateway && profile.channel === channel && profile.chaincode === chaincode)
    return;
  throw memberError('VT9005', `The profile ${profile.name} is of another market.`, {
    facts: { profile: home.folder, gateway: profile.gateway.address, wanted: gateway },
    hint: 'Give another name, or another `home`: a profile holds keys that cannot be made again.',
  });
}

async function makeProfile(folder: string, way: MarketWay, input: CreateMemberInput): Promise<void> {
  await createProfile({
    name: input.name,
    folder,
    connection: way.connection,
    tls: way.tls,
    credentials: keptCredentials(folder, way, input) ?? (await enrol(way, input)),
    certificateAuthority: way.certificateAuthority,
    vault: input.vault,
    passphrase: input.passphrase,
  });
}

/** Of a call that was interrupted after it had enrolled: its secret cannot be used again. */
function keptCredentials(
  folder: string,
  { mspId, organization: only }: MarketWay,
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
  { certificateAuthority: ca, connection, mspId, organization: only }: MarketWay,
  { organization = only, enrolment, roles }: CreateMemberInput,
): Promise<Credentials> {
  if (ca === undefined)
    throw memberError('VT9001', 'The market names no certificate authority to enrol with.', {
      hint: 'Give `market` as an object with a `certificateAuthority`, or make the profile with `createProfile`.',
    });
  if (organization === undefined)
    throw memberError('VT9001', 'The market has several organisations, and none was named.', {
      hint: 'Give the domain of yours as `organization`, such as org1.example.com.',
    });
  const at = { url: ca.url, tlsRootPem: ca.tlsRootPem, caName: ca.name, organization, mspId };
  if (enrolment !== undefined)
    return enrolMember({ ...at, enrolmentId: enrolment.id, secret: enrolment.secret });
  return enrolMember({
    ...at,
    // It stands in the certificate, and that in every transaction: it says nothing.
    enrolmentId: randomEnrolmentId(),
    registrar: registrarOf(connection),
    attributes: { 'veritrain.roles': roles.join(' ') },
  });
}
