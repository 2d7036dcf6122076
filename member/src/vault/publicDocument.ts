import type { Market } from '@veritrain/client-sdk';
import { digestOf, everyMember } from '@veritrain/client-sdk/vault';
import { documentHandle, documentName } from './ownHandles.js';
import { putOwn } from './ownObject.js';

/** What of a market a document needs. */
type Documents = Pick<Market, 'vault' | 'handles'>;

/** Most bytes of a template: 33 names, 1000 subsets. The other documents are smaller, or their size is known. */
export const mostTemplateBytes = 256 * 1024;
/** Most bytes of a program: some choices and numbers. */
export const mostProgramBytes = 16 * 1024;

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
  /** Refuse larger ones, bytes. Default: those that are larger than any template. */
  readonly maxBytes?: number;
}

/** @throws OBJECT_MISSING, OBJECT_TOO_LARGE, DIGEST_MISMATCH */
export function getPublicDocument(
  { vault, handles }: Documents,
  { digest, ownerId, maxBytes = mostTemplateBytes }: DocumentReference,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const handle = handles.of(documentName(digest), { from: ownerId, to: everyMember });
  return vault.get(handle, { digest, maxBytes, signal });
}
