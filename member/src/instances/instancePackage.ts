import { existsSync } from 'node:fs';
import { isVeritrainError, type VeritrainError } from '@veritrain/client-sdk';
import { mostSealedBytes } from '@veritrain/client-sdk/keys';
import { MAX_PACKAGE_BYTES, type DataPackage } from '@veritrain/training';
import { memberError } from '../errors/memberError.js';
import { readIfThere } from '../home/memberHome.js';
import { receiveFile, type ReceivedFile } from '../home/stateFile.js';
import type { ActionContext } from '../calls/context.js';
import { openInvite, type Invite } from '../datasets/invite.js';
import type { LentFrom } from './lentAddress.js';
import { streamLent } from './lentPackage.js';
import type { Member } from '../profile/member.js';
import { isUnavailable } from '../vault/ownObject.js';
import { notThePackage, readSealedPackage } from './sealedPackage.js';

/**
 * Fetches the package of an invite to this disk, sealed as it is, beside the one that may be there already.
 * @param lentFrom where to read it in place of the vault
 * @throws OBJECT_MISSING, OBJECT_TOO_LARGE, LOAN_ENDED
 */
export function fetchPackage(
  { home, market }: Member,
  { instanceId, packageHandle }: Invite,
  context: ActionContext,
  lentFrom?: LentFrom,
): Promise<ReceivedFile> {
  const maxBytes = mostSealedBytes(MAX_PACKAGE_BYTES);
  return receiveFile(
    home.instance(instanceId).packagePath,
    lentFrom === undefined
      ? market.vault.stream(packageHandle, { maxBytes, sealed: true, signal: context.signal })
      : streamLent(lentFrom, context),
  );
}

/**
 * The package of a slot that this host joined, read from its sealed file. A copy that was lost or changed on disk is
 * fetched again, as long as the vault has it.
 * @throws LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function openInstancePackage(
  member: Member,
  instanceId: string,
  context: ActionContext = {},
): Promise<DataPackage> {
  const paths = member.home.instance(instanceId);
  const sealedInvite = readIfThere(paths.invitePath);
  if (sealedInvite === undefined) throw missing(member, instanceId);
  const invite = await openInvite(member, Buffer.from(sealedInvite).toString('utf8'));
  const isKept = existsSync(paths.packagePath);
  const own = isKept ? await read(member, paths.packagePath, invite, context) : undefined;
  const opened = own ?? (await fetchAgain(member, invite, context));
  if (opened !== undefined) return opened;
  if (!isKept) throw missing(member, instanceId);
  throw memberError('VT9205', `The package for ${instanceId} was changed.`, { facts: { instanceId } });
}

const missing = ({ home }: Member, instanceId: string): VeritrainError =>
  memberError('VT9203', `This profile holds no package for ${instanceId}.`, {
    facts: { instanceId, profile: home.folder },
  });

/** The package in a sealed file; undefined where the file was changed. */
async function read(
  member: Member,
  path: string,
  { packageDigest }: Invite,
  context: ActionContext,
): Promise<DataPackage | undefined> {
  try {
    return await readSealedPackage(member, path, packageDigest, context).catch(notThePackage);
  } catch (error) {
    if (!isVeritrainError(error, 'VT8401')) throw error;
    return undefined;
  }
}

async function fetchAgain(
  member: Member,
  invite: Invite,
  context: ActionContext,
): Promise<DataPackage | undefined> {
  try {
    const received = await fetchPackage(member, invite, context);
    const opened = await read(member, received.path, invite, context);
    if (opened === undefined) received.discard();
    else received.keep();
    return opened;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}
