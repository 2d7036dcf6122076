import { openGrant, type Profile, type VaultGrant } from '@veritrain/client-sdk';
import { readIfThere } from '../runtime/memberHome.js';
import { writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import { writeGrantNote } from './grantNote.js';
import type { Member } from './member.js';
import { changeProfile, requireParticipant } from './profileFile.js';

type Place = Omit<VaultGrant, 'marketKey' | 'credentials'>;

const credentialsFile = 'vault-credentials.json';
const keyFile = 'vault.key';

/**
 * Takes the grant of a market's vault: its credentials and the market's key go into files that only their owner can
 * read, and the profile says from then on where the vault is. An agent that runs reads new credentials by itself; it has
 * to be started again only when the vault is another one.
 *
 * @param agree asked before the profile leaves the vault of another market, which it otherwise never does: anybody can
 *   seal a grant to a member
 * @throws AgentsError NOT_OURS, CONFIRMATION_MISSING; VeritrainError ENVELOPE_UNOPENED, GRANT_INVALID
 */
export async function vaultUse(
  member: Member,
  sealed: string,
  context: ActionContext,
  agree: (what: string) => Promise<void> = refuse,
): Promise<Place> {
  const { home, market } = member;
  const { marketKey, credentials, ...grant } = await openGrant(market.keyring, sealed);
  const { participantId, roles } = await requireParticipant(member, context);
  if (grant.participantId !== participantId) {
    throw new AgentsError(
      'VT9202',
      `This grant is for ${grant.participantId}, and this profile is ${participantId}.`,
    );
  }
  if (isAnother(member, grant, marketKey))
    await agree(`It is another vault: bucket ${grant.bucket} at ${grant.endpoint}, with a key of its own.`);
  writeAtomically(home.file(keyFile), Buffer.from(`${marketKey}\n`));
  writeAtomically(home.file(credentialsFile), Buffer.from(JSON.stringify(credentials)));
  writeGrantNote(home, grant.expiresAt);
  await changeProfile(home, { participantId, roles: [...roles], vault: vaultOf(grant) });
  return grant;
}

const refuse = (what: string): Promise<void> =>
  Promise.reject(new AgentsError('VT9006', `${what} This needs a yes.`));

/** Whether the profile has a place already, and this is not a renewal of it. */
function isAnother({ home, market }: Member, { endpoint, bucket }: Place, marketKey: string): boolean {
  const { vault } = market.profile;
  if (vault.kind !== 's3') return false;
  const known = readIfThere(home.file(keyFile));
  const isSameKey = known !== undefined && Buffer.from(known).toString('utf8').trim() === marketKey;
  return vault.endpoint !== endpoint || vault.bucket !== bucket || !isSameKey;
}

const vaultOf = ({ endpoint, bucket, region, pathStyle, rootCertificatePem }: Place): Profile['vault'] => ({
  kind: 's3',
  endpoint,
  bucket,
  ...(region === undefined ? {} : { region }),
  ...(pathStyle === undefined ? {} : { pathStyle }),
  ...(rootCertificatePem === undefined ? {} : { tls: { rootCertificate: { pem: rootCertificatePem } } }),
  credentials: { kind: 'file', path: credentialsFile },
  key: { path: keyFile },
});
