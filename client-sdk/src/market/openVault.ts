import { join } from 'node:path';
import { sdkError } from '../errors/veritrainError.js';
import type { LoadedProfile } from '../profile/profile.js';
import type { LoadedVault } from '../profile/vault.js';
import { readText, requirePrivate } from '../storage/files.js';
import { encryptedVault } from '../vault/encryptedVault.js';
import { filesystemVault } from '../vault/filesystemVault.js';
import { type Handles, placedHandles, placeOf, plainHandles } from '../vault/handles.js';
import { briefPrefix } from '../vault/s3/objectKey.js';
import type { S3Vault } from '../vault/s3/s3Vault.js';
import type { Vault } from '../vault/vault.js';

/** An object in this member's place of the vault. */
export interface OwnObject {
  /** Its name in the vault. */
  readonly handle: string;
  /** Its size, as it is stored. */
  readonly sizeBytes: number;
  /** When it was put, by the vault's clock, milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** What a market's vault is to one member. */
export interface VaultOfMember {
  /** The market's vault. */
  readonly vault: Vault;
  /** Where this member's objects lie in the vault, and where to look for those of others. */
  readonly handles: Handles;
  /** Signs an address from which anybody may read an object for 1 second to 7 days. Absent unless the vault is in an S3. */
  readonly presign?: (handle: string, options: { expiresInMs: number }) => Promise<string>;
  /** All that this member put, where members have places of their own. */
  readonly ownObjects?: (options?: { signal?: AbortSignal | undefined }) => AsyncIterable<OwnObject>;
}

/** A profile's vault. The S3 client is large, and loaded only by who has a vault there. */
export async function openVault(
  vault: LoadedVault,
  { participantId, home }: Pick<LoadedProfile, 'participantId' | 'home'>,
): Promise<VaultOfMember> {
  if (vault.kind === 'filesystem') return { vault: filesystemVault(vault.path), handles: plainHandles };
  const [key, { s3Vault }] = await Promise.all([
    readMarketKey(vault.keyFile),
    import('../vault/s3/s3Vault.js'),
  ]);
  const bucket = s3Vault({ ...vault, uploadNotes: join(home, 'uploads') });
  const place = participantId === undefined ? undefined : placeOf(key, participantId);
  return {
    vault: encryptedVault(bucket, key),
    handles: placedHandles(key, participantId),
    presign: (handle, options) => bucket.presignGet(handle, options),
    ...(place === undefined
      ? {}
      : { ownObjects: (options) => listPlace(bucket, [`${place}/`, `${briefPrefix}${place}/`], options) }),
  };
}

async function* listPlace(
  bucket: S3Vault,
  prefixes: readonly string[],
  options?: { signal?: AbortSignal | undefined },
): AsyncGenerator<OwnObject> {
  for (const prefix of prefixes) yield* bucket.list(prefix, options);
}

async function readMarketKey(path: string): Promise<Uint8Array> {
  const text = readText(path, "market's key");
  await requirePrivate(path);
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length === 32) return key;
  throw sdkError('VT8222', `${path} holds no key of a market.`, { facts: { path } });
}
