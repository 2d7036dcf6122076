import type { LoadedVault } from '../profile/vault.js';
import { filesystemVault } from '../vault/filesystemVault.js';
import type { Vault } from '../vault/vault.js';

/** A profile's vault. The S3 client is large, and loaded only by who has a vault there. */
export async function openVault(vault: LoadedVault): Promise<Vault> {
  if (vault.kind === 'filesystem') return filesystemVault(vault.path);
  const { s3Vault } = await import('../vault/s3/s3Vault.js');
  return s3Vault(vault);
}
