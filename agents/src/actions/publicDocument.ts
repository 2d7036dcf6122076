import { digestOf, everyMember, type Market } from '@veritrain/client-sdk';
import { documentHandle, documentName } from './ownHandles.js';
import { putOwn } from './ownObject.js';

/** What of a market a document needs. */
type Documents = Pick<Market, 'vault' | 'handles'>;

/** Larger ones are not what they say they are, bytes. */
const mostBytes = 64 * 1024 * 1024;

/** Stores a document for all members. @returns its digest, `sha256:<hex>` */
export async function putPublicDocument(
  market: Documents,
  content: Uint8Array,
  signal?: AbortSignal,
): Promise<string> {
  const digest = digestOf(content);
  await putOwn(market.vault, content, { handle: documentHandle(market, digest), signal });
  return digest;
}

/** A document as the ledger names it: by its digest and its owner. */
export interface DocumentReference {
  readonly digest: string;
  readonly ownerId: string;
}

/** @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function getPublicDocument(
  { vault, handles }: Documents,
  { digest, ownerId }: DocumentReference,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const handle = handles.of(documentName(digest), { from: ownerId, to: everyMember });
  return vault.get(handle, { digest, maxBytes: mostBytes, signal });
}
