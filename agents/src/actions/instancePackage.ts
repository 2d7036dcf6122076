import { digestOf } from '@veritrain/client-sdk';
import { readIfThere } from '../runtime/memberHome.js';
import { AgentsError } from './agentsError.js';
import { openInvite } from './invite.js';
import type { Member } from './member.js';

/**
 * The package of a slot that this host joined, opened in memory only; on disk it stays sealed.
 * @throws AgentsError LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function openInstancePackage(
  member: Member,
  instanceId: string,
): Promise<{ bytes: Uint8Array; packageDigest: string }> {
  const paths = member.home.instance(instanceId);
  const [sealedInvite, sealedPackage] = [readIfThere(paths.invitePath), readIfThere(paths.packagePath)];
  if (sealedInvite === undefined || sealedPackage === undefined) {
    throw new AgentsError('VT9203', `This profile holds no package for ${instanceId}.`, {
      facts: { instanceId, profile: member.home.folder },
    });
  }
  const { packageDigest } = await openInvite(member, Buffer.from(sealedInvite).toString('utf8'));
  const bytes = await member.market.keyring.openObject(sealedPackage);
  if (digestOf(bytes) === packageDigest) return { bytes, packageDigest };
  throw new AgentsError('VT9205', `The package for ${instanceId} was changed.`, { facts: { instanceId } });
}
