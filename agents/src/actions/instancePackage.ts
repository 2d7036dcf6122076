import { digestOf, isVeritrainError } from '@veritrain/client-sdk';
import { readIfThere } from '../runtime/memberHome.js';
import { writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import { openInvite, type Invite } from './invite.js';
import type { Member } from './member.js';
import { isUnavailable } from './ownObject.js';

/**
 * The package of a slot that this host joined, opened in memory only; on disk it stays sealed. A copy that was lost or
 * changed on disk is fetched again, as long as the vault has it.
 * @throws AgentsError LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function openInstancePackage(
  member: Member,
  instanceId: string,
  context: ActionContext = {},
): Promise<{ bytes: Uint8Array; packageDigest: string }> {
  const paths = member.home.instance(instanceId);
  const sealedInvite = readIfThere(paths.invitePath);
  if (sealedInvite === undefined) throw missing(member, instanceId);
  const invite = await openInvite(member, Buffer.from(sealedInvite).toString('utf8'));
  const { packageDigest } = invite;
  const kept = readIfThere(paths.packagePath);
  const own = kept === undefined ? undefined : await opened(member, kept, packageDigest);
  if (own !== undefined) return { bytes: own, packageDigest };
  const sealed = await fetchAgain(member, invite, context);
  const bytes = sealed === undefined ? undefined : await opened(member, sealed, packageDigest);
  if (sealed !== undefined && bytes !== undefined) {
    writeAtomically(paths.packagePath, sealed);
    return { bytes, packageDigest };
  }
  if (kept === undefined) throw missing(member, instanceId);
  throw new AgentsError('VT9205', `The package for ${instanceId} was changed.`, { facts: { instanceId } });
}

const missing = ({ home }: Member, instanceId: string): AgentsError =>
  new AgentsError('VT9203', `This profile holds no package for ${instanceId}.`, {
    facts: { instanceId, profile: home.folder },
  });

async function opened(
  { market }: Member,
  sealed: Uint8Array,
  packageDigest: string,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await market.keyring.openObject(sealed);
    return digestOf(bytes) === packageDigest ? bytes : undefined;
  } catch (error) {
    if (!isVeritrainError(error, 'VT8401')) throw error;
    return undefined;
  }
}

async function fetchAgain(
  { market }: Member,
  { package: { handle, digest } }: Invite,
  { signal }: ActionContext,
): Promise<Uint8Array | undefined> {
  try {
    return await market.vault.get(handle, { digest, signal });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}
