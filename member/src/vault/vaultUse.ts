import { X509Certificate } from 'node:crypto';
import type { Profile } from '@veritrain/client-sdk';
import { fingerprintOf } from '@veritrain/client-sdk/keys';
import { type LoadedVault, type OpenedGrant, openGrant, type VaultGrant } from '@veritrain/client-sdk/vault';
import { z } from 'zod';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import { readIfThere, writeAtomically } from '../home/ownFiles.js';
import { StateFile } from '../home/stateFile.js';
import type { Member } from '../profile/member.js';
import { changeProfile, requireParticipant } from '../profile/profileFile.js';

/** The part of a vault's grant that is no secret. */
const grantNoteSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Milliseconds since the epoch; null if the credentials do not expire. */
  expiresAt: z.int().min(0).nullable(),
  /** When the operator signed it, by its clock. Older grants are refused. */
  issuedAt: z.int().min(0).optional(),
  /** The server's account that the credentials belong to. */
  account: z.string().optional(),
});

type GrantNote = z.infer<typeof grantNoteSchema>;

const grantNoteFile = (home: MemberHome): StateFile<GrantNote> =>
  new StateFile(home.file('vault-grant.json'), grantNoteSchema);

export const readGrantNote = (home: MemberHome): GrantNote | undefined => grantNoteFile(home).read();

/** A grant that a member took, without its secrets: the bucket, the endpoint, and who signed it. */
export type AcceptedGrant = Omit<VaultGrant, 'marketKey' | 'credentials'> & {
  /** The participant id of the operator that signed the grant. */
  operatorId: string;
};

/** What `vaultUse` needs. */
export interface VaultUseInput {
  /** The grant, sealed to this member. */
  sealed: string;
  /** The participant id of the vault's operator. Default: the one in the profile. */
  operatorId?: string | undefined;
  /** Called with all changes, if there are any; rejects if the user does not agree. Default: rejects. */
  agree?: ((changes: readonly string[]) => Promise<void>) | undefined;
}

const credentialsFile = 'vault-credentials.json';
const keyFile = 'vault.key';

/**
 * Takes the grant of a market's vault: writes its credentials and the market's key into files that only their owner can
 * read, and the vault and its operator into the profile. The whole grant is checked first. A running agent reads new
 * credentials by itself; only another vault needs a restart.
 *
 * @throws NOT_OURS, OTHER_OPERATOR, GRANT_OUTDATED, CONFIRMATION_MISSING; VeritrainError ENVELOPE_UNOPENED,
 *   GRANT_INVALID, GRANT_UNSIGNED
 */
export async function vaultUse(
  member: Member,
  { sealed, operatorId, agree = refuse }: VaultUseInput,
  context: ActionContext,
): Promise<AcceptedGrant> {
  const { home, market } = member;
  const opened = await openGrant(market.keyring, market.place, sealed);
  const isKnown = requireOperator(member, opened, operatorId);
  const { participantId, roles } = await requireParticipant(member, context);
  const note = readGrantNote(home);
  const { marketKey, credentials, ...grant } = requireGood(
    opened.grant,
    participantId,
    isKnown ? note : undefined,
  );
  const signer = `${opened.operatorId} (${fingerprintOf(opened.operatorId)}) signed the grant.`;
  const changes = [...(isKnown ? [] : [signer]), ...vaultChanges(member, opened.grant, note)];
  if (changes.length > 0) await agree(changes);
  const vault = vaultOf(grant, opened.operatorId);
  writeAtomically(home.file(keyFile), Buffer.from(`${marketKey}\n`));
  writeAtomically(home.file(credentialsFile), Buffer.from(JSON.stringify(credentials)));
  const { issuedAt, expiresAt, account } = grant;
  grantNoteFile(home).write({
    schemaVersion: 1,
    issuedAt,
    expiresAt,
    ...(account === undefined ? {} : { account }),
  });
  await changeProfile(home, { participantId, roles: [...roles], vault });
  return { ...grant, operatorId: opened.operatorId };
}

const refuse = (changes: readonly string[]): Promise<void> =>
  Promise.reject(memberError('VT9006', `${changes.join(' ')} This needs a yes.`));

/** @returns whether the grant is from the operator in the profile @throws OTHER_OPERATOR */
function requireOperator(
  { market }: Member,
  { operatorId }: OpenedGrant,
  named: string | undefined,
): boolean {
  const { vault } = market.profile;
  const pinned = vault.kind === 's3' ? vault.operator : undefined;
  const expected = named ?? pinned;
  if (expected !== undefined && expected !== operatorId)
    throw memberError('VT9262', 'The grant is not from the operator of this vault.', {
      facts: { operatorId, expected },
    });
  return pinned === operatorId;
}

/** @throws NOT_OURS, GRANT_OUTDATED */
function requireGood(grant: VaultGrant, participantId: string, last: GrantNote | undefined): VaultGrant {
  const { issuedAt, expiresAt } = grant;
  if (grant.participantId !== participantId)
    throw memberError(
      'VT9202',
      `This grant is for ${grant.participantId}, and this profile is ${participantId}.`,
    );
  if (expiresAt !== null && expiresAt <= Date.now())
    throw memberError('VT9263', `The grant ended on ${new Date(expiresAt).toISOString()}.`);
  if (last?.issuedAt !== undefined && issuedAt < last.issuedAt)
    throw memberError('VT9263', 'This profile already took a newer grant.', {
      facts: { issuedAt: new Date(issuedAt).toISOString() },
    });
  return grant;
}

const vaultOf = (
  { endpoint, bucket, region, pathStyle, rootCertificatePem }: Omit<VaultGrant, 'marketKey' | 'credentials'>,
  operator: string,
): Profile['vault'] => ({
  kind: 's3',
  endpoint,
  bucket,
  ...(region === undefined ? {} : { region }),
  ...(pathStyle === undefined ? {} : { pathStyle }),
  ...(rootCertificatePem === undefined ? {} : { tls: { rootCertificate: { pem: rootCertificatePem } } }),
  credentials: { kind: 'file', path: credentialsFile },
  key: { path: keyFile },
  operator,
});

/** The changes that a grant makes to a member's vault, one line each; none for a renewal. */
function vaultChanges({ home, market }: Member, grant: VaultGrant, note: GrantNote | undefined): string[] {
  const { vault } = market.profile;
  if (vault.kind === 'filesystem')
    return [
      `The vault was the folder ${vault.path}, and will be the bucket ${grant.bucket} at ${grant.endpoint}.`,
      `Its TLS root will be ${rootOf(grant.rootCertificatePem)}.`,
    ];
  const known = Buffer.from(readIfThere(home.file(keyFile)) ?? '').toString('utf8');
  const isSameKey = known.trim() === grant.marketKey;
  return [...placeChanges(vault, grant, note), ...(isSameKey ? [] : ['The market’s key will change.'])];
}

function placeChanges(
  vault: Extract<LoadedVault, { kind: 's3' }>,
  grant: VaultGrant,
  note: GrantNote | undefined,
): string[] {
  const facts: [what: string, before: string, after: string][] = [
    ['endpoint', vault.endpoint, grant.endpoint],
    ['bucket', vault.bucket, grant.bucket],
    ['region', vault.region ?? 'none', grant.region ?? 'none'],
    ['path style', String(vault.pathStyle ?? true), String(grant.pathStyle ?? true)],
    ['TLS root', rootOf(vault.tls?.rootCertificatePem), rootOf(grant.rootCertificatePem)],
    ['account', note?.account ?? 'the operator’s', grant.account ?? 'the operator’s'],
  ];
  return facts
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => `The ${what} of the vault was ${before}, and will be ${after}.`);
}

const rootOf = (pem: string | undefined): string =>
  pem === undefined ? 'one that this machine trusts' : `SHA-256 ${new X509Certificate(pem).fingerprint256}`;
