import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { everyPage, isVeritrainError, type Participant } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import { sealGrant } from '@veritrain/client-sdk/vault';
import {
  accountOf,
  adminAccount,
  memberPolicy,
  prepareBucket,
  setAccount,
  temporaryAccess,
  type S3Options,
} from '@veritrain/client-sdk/s3';
import { memberError } from '../errors/memberError.js';
import { createAtomically, writeAtomically } from '../home/stateFile.js';
import type { ActionContext } from '../calls/context.js';
import { readUserFile } from '../home/files.js';
import type { Member } from '../profile/member.js';

export interface VaultInitInput {
  /** The server, and credentials that may make buckets and give access to them. */
  s3: S3Options;
  /** Where grants, policies and the market's key are written. */
  folder: string;
  /** How long the members' credentials hold. */
  validMs: number;
  /** After how many days the server lets go of what rounds needed. */
  expireBriefDays: number;
  /** Which role to hand out, where the server has roles. */
  roleArn?: string | undefined;
  /** Where AssumeRole is asked for, if not at the server itself. */
  stsEndpoint?: string | undefined;
  /** For whom; default: every participant of the market. */
  participantIds?: readonly string[] | undefined;
}

export interface IssuedGrant {
  participantId: string;
  roles: string[];
  /** Sealed to the participant: it may travel any way. */
  file: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

export interface VaultInitResult {
  /** Whether the bucket was made just now. */
  isNew: boolean;
  /** The id of who signs the grants. */
  operatorId: string;
  /**
   * Whether each member has an account of its own on the server. Otherwise all credentials are of the operator's
   * account, and where its admin interface can be reached, any member can end them all.
   */
  hasAccounts: boolean;
  grants: IssuedGrant[];
}

/**
 * Makes a market's bucket on any S3 server and gives each participant a place in it: its rights as a policy, and
 * credentials that have just these, sealed to it and signed. Repeated, it gives new credentials, also to who joined since.
 *
 * @param member who runs the vault, as a member that can read the ledger; the grants are signed with its keys
 */
export async function vaultInit(
  member: Member,
  input: VaultInitInput,
  context: ActionContext,
): Promise<VaultInitResult> {
  const { s3, expireBriefDays } = input;
  const folder = resolve(input.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marketKey = readOrMakeKey(join(folder, 'market.key'));
  const isNew = await prepareBucket(s3, { expireBriefDays });
  context.progress?.(`${isNew ? 'made' : 'found'} the bucket ${s3.bucket}`);
  const hasAccounts = input.roleArn === undefined && (await adminAccount(s3)) !== undefined;
  const grants: IssuedGrant[] = [];
  for await (const participant of participantsOf(member, input.participantIds, context)) {
    grants.push(await grantAccess(member, participant, { ...input, folder, marketKey, hasAccounts }));
    context.progress?.(`granted ${participant.participantId} a place`);
  }
  return { isNew, operatorId: participantIdOf(member.market.keyring), hasAccounts, grants };
}

/** All places follow from it: a new one would move everybody. */
function readOrMakeKey(path: string): Buffer {
  if (!existsSync(path)) createAtomically(path, `${randomBytes(32).toString('hex')}\n`);
  const key = Buffer.from(readUserFile(path, 'market key').trim(), 'hex');
  if (key.length === 32) return key;
  throw memberError('VT9004', `${path} holds no market key.`, { facts: { path } });
}

async function* participantsOf(
  { market }: Member,
  participantIds: readonly string[] | undefined,
  context: ActionContext,
): AsyncGenerator<Participant> {
  const options = { signal: context.signal, trust: 'endorsed' as const };
  if (participantIds === undefined) yield* everyPage(market.participants.list, {}, options);
  else for (const participantId of participantIds) yield market.participants.get({ participantId }, options);
}

async function grantAccess(
  { market }: Member,
  { participantId, roles, encryptionKey }: Participant,
  {
    s3,
    folder,
    marketKey,
    hasAccounts,
    validMs,
    roleArn,
    stsEndpoint,
  }: VaultInitInput & { marketKey: Buffer; hasAccounts: boolean },
): Promise<IssuedGrant> {
  const policy = memberPolicy(s3.bucket, marketKey, participantId);
  writeAtomically(join(folder, `${participantId}.policy.json`), Buffer.from(JSON.stringify(policy, null, 2)));
  const account = hasAccounts ? accountOf(marketKey, participantId) : undefined;
  const asked = account === undefined ? s3 : { ...s3, credentials: await accountKeys(s3, account, policy) };
  const { expiresAt, ...credentials } = await temporaryAccess(asked, {
    policy,
    durationMs: validMs,
    roleArn,
    stsEndpoint,
  });
  const { endpoint, bucket, region, pathStyle, tls } = s3;
  const rootCertificatePem = tls?.rootCertificatePem;
  const sealed = await sealGrant(market.keyring, market.place, encryptionKey, {
    schemaVersion: 2,
    participantId,
    endpoint,
    bucket,
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
    ...(rootCertificatePem === undefined ? {} : { rootCertificatePem }),
    marketKey: marketKey.toString('hex'),
    ...(account === undefined ? {} : { account }),
    credentials,
    issuedAt: Date.now(),
    expiresAt,
  });
  const file = join(folder, `${participantId}.grant`);
  writeAtomically(file, Buffer.from(`${sealed}\n`));
  return { participantId, roles: [...roles], file, expiresAt };
}

/** The account asks for its own temporary keys: what they can end is their own. */
const accountKeys = async (
  s3: S3Options,
  account: string,
  policy: Parameters<typeof setAccount>[2],
): Promise<S3Options['credentials']> => ({
  kind: 'static',
  accessKey: account,
  secretKey: await setAccount(s3, account, policy).catch(notAdministrator),
});

/** Without accounts every member could end everybody's credentials, so it goes no further. */
function notAdministrator(cause: unknown): never {
  if (!isVeritrainError(cause, 'VT8213')) throw cause;
  throw memberError('VT9265', 'These keys may not make accounts on the server.', { cause });
}
