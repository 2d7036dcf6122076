import { existsSync } from 'node:fs';
import { isVeritrainError, type VeritrainError } from '@veritrain/client-sdk';
import { maxSealedBytes } from '@veritrain/client-sdk/keys';
import {
  type DataPackage,
  MAX_PACKAGE_BYTES,
  readPackage,
  type ReadOptions,
  TrainingError,
} from '@veritrain/training';
import type { ActionContext } from '../calls/action.js';
import { openInvite, type Invite } from '../datasets/invite.js';
import { memberError } from '../errors/memberError.js';
import { readIfThere, type ReceivedFile, receiveFile, streamFile } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { isUnavailable } from '../vault/ownObjects.js';
import { type PresignedSource, streamPresigned } from './presignedPackage.js';

/**
 * Fetches the package of an invite, still sealed, beside the one that may be on this disk already.
 * @param presigned replaces the vault
 * @throws OBJECT_MISSING, OBJECT_TOO_LARGE, LOAN_ENDED
 */
export function fetchPackage(
  { home, market }: Member,
  { instanceId, packageHandle }: Invite,
  context: ActionContext,
  presigned?: PresignedSource,
): Promise<ReceivedFile> {
  const maxBytes = maxSealedBytes(MAX_PACKAGE_BYTES);
  return receiveFile(
    home.instance(instanceId).packagePath,
    presigned === undefined
      ? market.vault.stream(packageHandle, { maxBytes, sealed: true, signal: context.signal })
      : streamPresigned(presigned, context),
  );
}

/** How a package is read, and for which family of models or which program. */
export type OpenContext = ActionContext & Omit<ReadOptions, 'digest'>;

/**
 * Reads the package of a slot that this host joined from its sealed file. Fetches a lost or damaged copy again, as long as
 * the vault has it.
 * @throws LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function openInstancePackage(
  member: Member,
  instanceId: string,
  context: OpenContext = {},
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

/** The package in a sealed file; undefined if the file is damaged. */
async function read(
  member: Member,
  path: string,
  { packageDigest }: Invite,
  context: OpenContext,
): Promise<DataPackage | undefined> {
  try {
    return await readSealedPackage(member, path, packageDigest, context);
  } catch (error) {
    if (!isVeritrainError(error, 'VT8401')) throw error;
    return undefined;
  }
}

async function fetchAgain(
  member: Member,
  invite: Invite,
  context: OpenContext,
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

/**
 * Reads a package from a sealed file in chunks: the file is never whole in memory, nor in clear on disk.
 * @returns undefined if the file holds another package, or none
 * @throws ENVELOPE_UNOPENED if the seal is damaged or for another member
 */
export async function readSealedPackage(
  { market }: Member,
  path: string,
  packageDigest: string,
  context: OpenContext,
): Promise<DataPackage | undefined> {
  const chunks = market.keyring.openStream(streamFile(path, context));
  try {
    const { family, program, template } = context;
    const { signal, onProgress, workers } = context;
    const reading = { signal, onProgress, workers, family, program, template };
    return await readPackage(chunks, { ...reading, digest: packageDigest });
  } catch (error) {
    if (error instanceof TrainingError && error.code === 'VT7202') return undefined;
    throw error;
  }
}
