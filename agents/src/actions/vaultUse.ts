import { readFileSync } from 'node:fs';
import { openGrant, profileSchema, writeProfile, type Profile, type VaultGrant } from '@veritrain/client-sdk';
import { writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import { writeGrantNote } from './grantNote.js';
import type { Member } from './member.js';
import { requireParticipant } from './profileFile.js';

const credentialsFile = 'vault-credentials.json';
const keyFile = 'vault.key';

/**
 * Takes the grant of a market's vault: its credentials and the market's key go into files that only their owner can
 * read, and the profile says from then on where the vault is. An agent that runs reads new credentials by itself; it has
 * to be started again only when the vault is another one.
 *
 * @throws AgentsError WRONG_RECIPIENT; VeritrainError ENVELOPE_UNOPENED, GRANT_INVALID
 */
export async function vaultUse(
  member: Member,
  sealed: string,
  context: ActionContext,
): Promise<Omit<VaultGrant, 'marketKey' | 'credentials'>> {
  const { home, market } = member;
  const { marketKey, credentials, ...grant } = await openGrant(market.keyring, sealed);
  const { participantId, roles } = await requireParticipant(member, context);
  if (grant.participantId !== participantId) {
    throw new AgentsError(
      'VT9202',
      `This grant is for ${grant.participantId}, and this profile is ${participantId}.`,
    );
  }
  writeAtomically(home.file(keyFile), Buffer.from(`${marketKey}\n`));
  writeAtomically(home.file(credentialsFile), Buffer.from(JSON.stringify(credentials)));
  writeGrantNote(home, grant.expiresAt);
  const profile = profileSchema.parse(JSON.parse(readFileSync(home.profilePath, 'utf8')));
  await writeProfile(home.profilePath, {
    ...profile,
    participantId,
    roles: [...roles],
    vault: vaultOf(grant),
  });
  return grant;
}

const vaultOf = ({
  endpoint,
  bucket,
  region,
  pathStyle,
  rootCertificatePem,
}: Omit<VaultGrant, 'marketKey' | 'credentials'>): Profile['vault'] => ({
  kind: 's3',
  endpoint,
  bucket,
  ...(region === undefined ? {} : { region }),
  ...(pathStyle === undefined ? {} : { pathStyle }),
  ...(rootCertificatePem === undefined ? {} : { tls: { rootCertificate: { pem: rootCertificatePem } } }),
  credentials: { kind: 'file', path: credentialsFile },
  key: { path: keyFile },
});
