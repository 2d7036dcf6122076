import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { everyPage, isVeritrainError, type Participant } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import type { S3Options, setAccount } from '@veritrain/client-sdk/s3';
import { sealGrant } from '@veritrain/client-sdk/vault';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { createAtomically, writeAtomically } from '../home/ownFiles.js';
import { readUserFile } from '../home/userInput.js';
import type { Member } from '../profile/member.js';

/** What `vaultInit` needs. */
export interface VaultInitInput {
  /** The server, with credentials that may make buckets and grant access to them. */
  s3: S3Options;
  /** Folder for grants, policies and the market's key. */
  folder: string;
  /** Validity of the members' credentials, in milliseconds. */
  validMs: number;
  /** The server deletes objects of rounds after this many days. */
  expireBriefDays: number;
  /** The role to assume, if the server has roles. */
  roleArn?: string | undefined;
  /** The endpoint of AssumeRole. Default: the server itself. */
  stsEndpoint?: string | undefined;
  /** Default: every participant of the market. */
  participantIds?: readonly string[] | undefined;
}

/** A grant that the operator of a vault made for one participant. */
export interface IssuedGrant {
  /** The participant, `pt_…`. */
  participantId: string;
  /** Its roles on the ledger. */
  roles: string[];
  /** The grant's file. It is sealed to the participant, so any channel may carry it. */
  file: string;
  /** When the credentials expire, milliseconds since the epoch. */
  expiresAt: number;
}

/** What `vaultInit` made. */
export interface VaultInitResult {
  /** Whether this call made the bucket. */
  isNew: boolean;
  /** The participant id of the operator, who signs the grants. */
  operatorId: string;
  /**
   * Whether each member has its own account on the server. Otherwise all credentials belong to the operator's account, and
   * any member that reaches the admin interface can end all of them.
   */
  hasAccounts: boolean;
  /** One for each participant. */
  grants: IssuedGrant[];
}

/**
 * Makes a market's bucket on an S3 server and gives each participant a place in it: a policy, and credentials limited to it,
 * sealed to the participant and signed. A repeated call makes new credentials, also for new participants.
 *
 * @param member the operator of the vault; its keys sign the grants
 * @throws ACCOUNTS_DENIED, FILE_INVALID for a damaged market key; VAULT_ACCESS_DENIED and other errors of the server
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
  const { adminAccount, prepareBucket } = await import('@veritrain/client-sdk/s3');
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

/** All places derive from this key: a new one would move every member. */
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
  const { accountOf, memberPolicy, temporaryAccess } = await import('@veritrain/client-sdk/s3');
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

/** Each account requests its own temporary keys, so that these can end no others. */
const accountKeys = async (
  s3: S3Options,
  account: string,
  policy: Parameters<typeof setAccount>[2],
): Promise<S3Options['credentials']> => {
  const { setAccount: give } = await import('@veritrain/client-sdk/s3');
  return {
    kind: 'static',
    accessKey: account,
    secretKey: await give(s3, account, policy).catch(notAdministrator),
  };
};

/** Fails: without accounts every member could end all credentials. */
function notAdministrator(cause: unknown): never {
  if (!isVeritrainError(cause, 'VT8213')) throw cause;
  throw memberError('VT9265', 'These keys may not make accounts on the server.', { cause });
}
