import { isVeritrainError, type Market } from '@veritrain/client-sdk';
import { canonicalHash } from '@veritrain/client-sdk/protocol';
import {
  everyMember,
  type GetOptions,
  type PutOptions,
  type StoredObject,
  type Vault,
} from '@veritrain/client-sdk/vault';

// Handles of this member's objects in the vault. Each is derived from the keyring or from the object's record on the
// ledger, so that a repeated step stores it under the same handle and `vault gc` can tell which objects are needed.

/** What handles derive from: a market, or these parts of it. */
export type HandleSource = Pick<Market, 'keyring' | 'handles'>;

/** The handle of a host's package of a subset, addressed to that host. */
export const packageHandle = (
  { keyring, handles }: HandleSource,
  { datasetId, subsetIndex, hostId }: { datasetId: string; subsetIndex: number; hostId: string },
): string =>
  handles.own(keyring.handle('package', datasetId, subsetIndex.toString(), hostId), { to: hostId });

/** The handle of the model that goes out with an attempt, addressed to every member. An S3 may delete it after some days. */
export const modelHandle = (
  { keyring, handles }: HandleSource,
  { coupleId, attempt }: { coupleId: string; attempt: number },
): string =>
  handles.own(keyring.handle('model', coupleId, attempt.toString()), { to: everyMember, brief: true });

/** The handle of a host's update for one job, addressed to the model owner. An S3 may delete it after some days. */
export const updateHandle = (
  { keyring, handles }: HandleSource,
  { jobId, modelOwnerId }: { jobId: string; modelOwnerId: string },
): string => handles.own(keyring.handle('update', jobId), { to: modelOwnerId, brief: true });

/**
 * The name of a template, program or homomorphic public key. These are for every member, so the name follows from the digest
 * on the ledger, and reveals nothing more than the ledger does.
 */
export const documentName = (digest: string): string =>
  canonicalHash('veritrain/public-document/1', [digest]).slice('sha256:'.length);

/** The handle of a template, program or homomorphic public key of this member, addressed to every member. */
export const documentHandle = ({ handles }: Pick<Market, 'handles'>, digest: string): string =>
  handles.own(documentName(digest), { to: everyMember });

/** Codes for an object that is missing, changed, too large, not granted, unreadable or not a file. */
const unavailable = ['VT8002', 'VT8201', 'VT8202', 'VT8205', 'VT8206', 'VT8223'];

/** Whether an object of the vault is unavailable, perhaps for a time only. */
export const isUnavailable = (error: unknown): boolean => isVeritrainError(error, ...unavailable);

/** Codes for a vault that this member cannot use now: unreachable, too slow, or refusing the credentials. */
const vaultUnavailable = [
  'VT8207',
  'VT8208',
  'VT8209',
  'VT8210',
  'VT8211',
  'VT8214',
  'VT8215',
  'VT8225',
  'VT9241',
];

/** Whether an object cannot be read now, because the object or the whole vault is unavailable. */
export const isOutOfReach = (error: unknown): boolean =>
  isVeritrainError(error, ...unavailable, ...vaultUnavailable);

/** Whether the vault stores nothing for this member now: it is unavailable, full, or refuses the write. */
export const isClosed = (error: unknown): boolean =>
  isOutOfReach(error) || isVeritrainError(error, 'VT8212', 'VT8213');

/**
 * Stores an object under a handle that follows from this member's keyring or from the content. Other bytes under that handle
 * are damaged or hostile: they are replaced.
 *
 * @throws errors of `Vault.put`
 */
export async function putOwn(
  vault: Vault,
  content: Uint8Array,
  options: Pick<PutOptions, 'sealed' | 'signal'> & { handle: string },
): Promise<StoredObject> {
  try {
    return await vault.put(content, options);
  } catch (error) {
    if (!isVeritrainError(error, 'VT8204') && !isUnavailable(error)) throw error;
    await vault.delete(options.handle, { signal: options.signal });
    return vault.put(content, options);
  }
}

/**
 * Whether the vault returns the bytes of a digest. Reads the whole object.
 *
 * @throws errors of `Vault.get` about the vault; none about the object
 */
export async function isIntact(
  vault: Vault,
  { handle, ...options }: GetOptions & { handle: string; digest: string },
): Promise<boolean> {
  try {
    const chunks = vault.stream(handle, options)[Symbol.asyncIterator]();
    while (!(await chunks.next()).done);
    return true;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return false;
  }
}
