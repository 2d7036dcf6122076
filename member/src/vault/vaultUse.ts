import type { Profile } from '@veritrain/client-sdk';
import { fingerprintOf } from '@veritrain/client-sdk/keys';
import { type OpenedGrant, openGrant, type VaultGrant } from '@veritrain/client-sdk/vault';
import { memberError } from '../errors/memberError.js';
import { writeAtomically } from '../home/stateFile.js';
import type { ActionContext } from '../calls/context.js';
import { readGrantNote, writeGrantNote, type GrantNote } from './grantNote.js';
import type { Member } from '../profile/member.js';
import { changeProfile, requireParticipant } from '../enrolment/profileFile.js';
import { vaultChanges } from './vaultChanges.js';

/** A grant without its secrets. */
type Place = Omit<VaultGrant, 'marketKey' | 'credentials'> & { operatorId: string };

export interface VaultUseInput {
  /** What was sealed to this member. */
  sealed: string;
  /** The participant id of who runs the vault. Default: the one in the profile. */
  operatorId?: string | undefined;
  /** Asked with all that changes; never for a renewal by the operator that the profile names. Default: no. */
  agree?: ((changes: readonly string[]) => Promise<void>) | undefined;
}

const credentialsFile = 'vault-credentials.json';
const keyFile = 'vault.key';

/**
 * Takes the grant of a market's vault: its credentials and the market's key go into files that only their owner can
 * read, and the profile says from then on where the vault is and who runs it. The grant is checked whole before any of
 * it is written. An agent that runs reads new credentials by itself; it has to be started again only when the vault is
 * another one.
 *
 * @throws NOT_OURS, OTHER_OPERATOR, GRANT_OUTDATED, CONFIRMATION_MISSING; VeritrainError ENVELOPE_UNOPENED,
 *   GRANT_INVALID, GRANT_UNSIGNED
 */
export async function vaultUse(
  member: Member,
  { sealed, operatorId, agree = refuse }: VaultUseInput,
  context: ActionContext,
): Promise<Place> {
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
  const signer = `Who signed the grant is ${opened.operatorId} (${fingerprintOf(opened.operatorId)}).`;
  const changes = [...(isKnown ? [] : [signer]), ...vaultChanges(member, opened.grant, note, keyFile)];
  if (changes.length > 0) await agree(changes);
  const vault = vaultOf(grant, opened.operatorId);
  writeAtomically(home.file(keyFile), Buffer.from(`${marketKey}\n`));
  writeAtomically(home.file(credentialsFile), Buffer.from(JSON.stringify(credentials)));
  const { issuedAt, expiresAt, account } = grant;
  writeGrantNote(home, { issuedAt, expiresAt, ...(account === undefined ? {} : { account }) });
  await changeProfile(home, { participantId, roles: [...roles], vault });
  return { ...grant, operatorId: opened.operatorId };
}

const refuse = (changes: readonly string[]): Promise<void> =>
  Promise.reject(memberError('VT9006', `${changes.join(' ')} This needs a yes.`));

/** @returns whether the grant is of the operator that the profile names @throws OTHER_OPERATOR */
function requireOperator(
  { market }: Member,
  { operatorId }: OpenedGrant,
  named: string | undefined,
): boolean {
  const { vault } = market.profile;
  const pinned = vault.kind === 's3' ? vault.operator : undefined;
  const expected = named ?? pinned;
  if (expected !== undefined && expected !== operatorId)
    throw memberError('VT9262', 'The grant is not of the operator of this vault.', {
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
    throw memberError('VT9263', 'A newer grant was taken already.', {
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
