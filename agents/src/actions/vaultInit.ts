import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { everyPage, participantIdOf, sealGrant, type Participant } from '@veritrain/client-sdk';
import { memberPolicy, prepareBucket, temporaryAccess, type S3Options } from '@veritrain/client-sdk/s3';
import { createAtomically, writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import { readUserFile } from './files.js';
import type { Member } from './member.js';

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
): Promise<{ isNew: boolean; operatorId: string; grants: IssuedGrant[] }> {
  const { s3, expireBriefDays } = input;
  const folder = resolve(input.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marketKey = readOrMakeKey(join(folder, 'market.key'));
  const isNew = await prepareBucket(s3, { expireBriefDays });
  context.progress?.(`${isNew ? 'made' : 'found'} the bucket ${s3.bucket}`);
  const grants: IssuedGrant[] = [];
  for await (const participant of participantsOf(member, input.participantIds, context)) {
    grants.push(await grantAccess(member, participant, { ...input, folder, marketKey }));
    context.progress?.(`granted ${participant.participantId} a place`);
  }
  return { isNew, operatorId: participantIdOf(member.market.keyring), grants };
}

/** All places follow from it: a new one would move everybody. */
function readOrMakeKey(path: string): Buffer {
  if (!existsSync(path)) createAtomically(path, `${randomBytes(32).toString('hex')}\n`);
  const key = Buffer.from(readUserFile(path, 'market key').trim(), 'hex');
  if (key.length === 32) return key;
  throw new AgentsError('VT9004', `${path} holds no market key.`, { facts: { path } });
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
  { s3, folder, marketKey, validMs, roleArn, stsEndpoint }: VaultInitInput & { marketKey: Buffer },
): Promise<IssuedGrant> {
  const policy = memberPolicy(s3.bucket, marketKey, participantId);
  writeAtomically(join(folder, `${participantId}.policy.json`), Buffer.from(JSON.stringify(policy, null, 2)));
  const { expiresAt, ...credentials } = await temporaryAccess(s3, {
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
    credentials,
    issuedAt: Date.now(),
    expiresAt,
  });
  const file = join(folder, `${participantId}.grant`);
  writeAtomically(file, Buffer.from(`${sealed}\n`));
  return { participantId, roles: [...roles], file, expiresAt };
}
