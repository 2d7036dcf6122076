import type { Market } from '@veritrain/client-sdk';
import { canonicalHash } from '@veritrain/client-sdk/protocol';
import { everyMember } from '@veritrain/client-sdk/vault';

// Where this member's objects lie in the vault. Each name follows from its keyring, or from what the ledger says of
// the object, so that a repeated step puts it in the same place and `vault gc` can tell which ones are needed.

type Names = Pick<Market, 'keyring' | 'handles'>;

/** A host's package of a subset. */
export const packageHandle = (
  { keyring, handles }: Names,
  { datasetId, subsetIndex, hostId }: { datasetId: string; subsetIndex: number; hostId: string },
): string =>
  handles.own(keyring.handle('package', datasetId, subsetIndex.toString(), hostId), { to: hostId });

/** The model that goes out with an attempt. */
export const modelHandle = (
  { keyring, handles }: Names,
  { coupleId, attempt }: { coupleId: string; attempt: number },
): string =>
  handles.own(keyring.handle('model', coupleId, attempt.toString()), { to: everyMember, brief: true });

/** A host's answer to one job. */
export const updateHandle = (
  { keyring, handles }: Names,
  { jobId, modelOwnerId }: { jobId: string; modelOwnerId: string },
): string => handles.own(keyring.handle('update', jobId), { to: modelOwnerId, brief: true });

/**
 * The name of a template, program or homomorphic public key. They are for every member, and their digests are on the
 * ledger: so that who reads the ledger finds them, the name follows from the digest; it tells nothing that the ledger
 * does not.
 */
export const documentName = (digest: string): string =>
  canonicalHash('veritrain/public-document/1', [digest]).slice('sha256:'.length);

/** A document of this member's. */
export const documentHandle = ({ handles }: Pick<Market, 'handles'>, digest: string): string =>
  handles.own(documentName(digest), { to: everyMember });
