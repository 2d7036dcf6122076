import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import type { Participant } from '@veritrain/client-sdk';
import { digestSchema, publicJwkSchema } from '@veritrain/client-sdk/schemas';
import { digestOf } from '@veritrain/client-sdk/vault';
import { z } from 'zod';
import { type ActionContext, inSteps } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { receiveFile, streamFile } from '../home/ownFiles.js';
import { StateFile } from '../home/stateFile.js';
import type { Member } from '../profile/member.js';
import { isIntact, packageHandle } from './ownObjects.js';

/** A package of a dataset that was split here. */
export interface PackageToStore {
  /** The dataset, `ds_…`. */
  readonly datasetId: string;
  /** Index of the subset, from 0. */
  readonly subsetIndex: number;
  /** The digest of the package in clear. */
  readonly packageDigest: string;
}

/** The note on a package that this owner stored for a host. Its loss costs an upload. */
const storedPackageSchema = z.strictObject({
  schemaVersion: z.literal(1),
  packageDigest: digestSchema,
  recipient: publicJwkSchema,
  /** Of the sealed bytes. */
  sealedDigest: digestSchema,
});
type StoredPackage = z.infer<typeof storedPackageSchema>;

/** The host that a package is sealed to. */
export type Recipient = Pick<Participant, 'participantId' | 'encryptionKey'>;

/** A package in the vault, and the host that it is for. */
export interface StoredFor {
  /** The dataset, `ds_…`. */
  readonly datasetId: string;
  /** Index of the subset, from 0. */
  readonly subsetIndex: number;
  /** The host, `pt_…`. */
  readonly hostId: string;
}

/** Whether the vault still returns the package that this owner stored for the host; true without a note of it. */
export async function isStored(member: Member, of: StoredFor, { signal }: ActionContext): Promise<boolean> {
  const stored = readNote(noteOf(member, of));
  if (stored === undefined) return true;
  const { vault } = member.market;
  const handle = packageHandle(member.market, of);
  return isIntact(vault, { handle, digest: stored.sealedDigest, sealed: true, signal });
}

/**
 * Stores the package of a host again, sealed to the same key as before, whatever key a peer reports now. Does nothing
 * without a note of it.
 * @throws LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function restorePackage(member: Member, of: StoredFor, context: ActionContext): Promise<void> {
  const stored = readNote(noteOf(member, of));
  if (stored === undefined) return;
  const { packageDigest, recipient: encryptionKey } = stored;
  await storePackage(member, { participantId: of.hostId, encryptionKey }, { ...of, packageDigest }, context);
}

const noteOf = ({ home }: Member, { datasetId, subsetIndex, hostId }: StoredFor): StateFile<StoredPackage> =>
  new StateFile(home.dataset(datasetId).storedPackagePath(subsetIndex, hostId), storedPackageSchema);

/**
 * Seals a package to a host and stores it, in chunks. Keeps the copy in the vault if it is sealed to the same key: another
 * sealing would be other bytes.
 * @returns its handle
 * @throws LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export function storePackage(
  member: Member,
  host: Recipient,
  of: PackageToStore,
  context: ActionContext,
): Promise<string> {
  const handle = packageHandle(member.market, { ...of, hostId: host.participantId });
  // Two concurrent callers would overwrite each other's sealing.
  return oneAtATime(handle, () => store(member, host, { ...of, handle }, context));
}

async function store(
  member: Member,
  host: Recipient,
  { datasetId, subsetIndex, packageDigest, handle }: PackageToStore & { handle: string },
  context: ActionContext,
): Promise<string> {
  const { signal } = context;
  const { keyring, vault } = member.market;
  const home = member.home.dataset(datasetId);
  const { encryptionKey: recipient, participantId } = host;
  const note = noteOf(member, { datasetId, subsetIndex, hostId: participantId });
  const stored = readNote(note);
  if (stored !== undefined && isOf(stored, packageDigest, recipient)) {
    if (await isIntact(vault, { handle, digest: stored.sealedDigest, sealed: true, signal })) return handle;
  }
  const path = home.packagePath(subsetIndex);
  if (!existsSync(path))
    throw memberError('VT9203', `A file of ${datasetId} is missing.`, { facts: { datasetId, path } });
  await vault.delete(handle, { signal });
  const content = ownPackage(path, { datasetId, subsetIndex, packageDigest }, context);
  // Sealed once to disk: an interrupted upload can only resume with the same bytes.
  const sealedPath = home.sealedPackagePath(
    digestOf(Buffer.from(`${packageDigest} ${recipient.x} ${recipient.y}`)),
  );
  if (!existsSync(sealedPath))
    (await receiveFile(sealedPath, keyring.sealStream([recipient], content))).keep();
  const report = inSteps(reportEveryBytes, (bytes) =>
    context.progress?.(`subset ${subsetIndex} for ${participantId}: ${Math.round(bytes / 1e6)} MB uploaded`),
  );
  const put = await vault.put(streamFile(sealedPath, context), {
    handle,
    sealed: true,
    signal,
    onProgress: ({ sentBytes }) => report(sentBytes),
  });
  note.write({ schemaVersion: 1, packageDigest, recipient, sealedDigest: put.digest });
  rmSync(sealedPath, { force: true });
  return handle;
}

const reportEveryBytes = 64_000_000;

function readNote(note: StateFile<StoredPackage>): StoredPackage | undefined {
  try {
    return note.read();
  } catch {
    return undefined;
  }
}

const isOf = (stored: StoredPackage, packageDigest: string, { x, y }: StoredPackage['recipient']): boolean =>
  stored.packageDigest === packageDigest && stored.recipient.x === x && stored.recipient.y === y;

/** The package's bytes. Throws at the end of a file that was changed since the split, so that nothing of it is stored. */
async function* ownPackage(
  path: string,
  { datasetId, subsetIndex, packageDigest }: PackageToStore,
  context: ActionContext,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of streamFile(path, context)) {
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest('hex')}` === packageDigest) return;
  throw memberError('VT9205', `The package of subset ${subsetIndex} was changed on this disk.`, {
    facts: { datasetId, path },
    hint: 'Split the same table again under the same dataset id: this makes the same packages.',
  });
}

const running = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work of this process under the same key has ended. */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = running.get(key);
  const turn = (before ?? Promise.resolve()).then(work, work);
  running.set(key, turn);
  try {
    return await turn;
  } finally {
    if (running.get(key) === turn) running.delete(key);
  }
}
