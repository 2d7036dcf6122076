import { canonicalHash, digestOf, type Vault } from '@veritrain/client-sdk';
import { putOwn } from './ownObject.js';

/**
 * Templates, programs and homomorphic public keys are for every member, and their digests are on the ledger. Their
 * handle follows from the digest, so that who reads the ledger finds them; it tells nothing that the ledger does not.
 */
export const publicHandle = (digest: string): string =>
  canonicalHash('veritrain/public-document/1', [digest]).slice('sha256:'.length);

/** Larger ones are not what they say they are, bytes. */
const mostBytes = 64 * 1024 * 1024;

/** Stores a document for all members. @returns its digest, `sha256:<hex>` */
export async function putPublicDocument(
  vault: Vault,
  content: Uint8Array,
  signal?: AbortSignal,
): Promise<string> {
  const digest = digestOf(content);
  await putOwn(vault, content, { handle: publicHandle(digest), signal });
  return digest;
}

/** Fetches a document that the ledger names by its digest. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function getPublicDocument(vault: Vault, digest: string, signal?: AbortSignal): Promise<Uint8Array> {
  return vault.get(publicHandle(digest), { digest, maxBytes: mostBytes, signal });
}
