import type { Market } from '@veritrain/client-sdk';
import { digestOf, everyMember } from '@veritrain/client-sdk/vault';
import { documentHandle, documentName, putOwn } from './ownObjects.js';

type DocumentStore = Pick<Market, 'vault' | 'handles'>;

/** The largest template has 33 names and 1000 subsets. Other documents are smaller, or their size is known. */
export const maxTemplateBytes = 256 * 1024;
export const maxProgramBytes = 16 * 1024;

/** Stores a document for all members. @returns its digest */
export async function putPublicDocument(
  market: DocumentStore,
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
  /** Refuse larger documents. Default: larger than any template. */
  readonly maxBytes?: number;
}

/** @throws OBJECT_MISSING, OBJECT_TOO_LARGE, DIGEST_MISMATCH */
export function getPublicDocument(
  { vault, handles }: DocumentStore,
  { digest, ownerId, maxBytes = maxTemplateBytes }: DocumentReference,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const handle = handles.of(documentName(digest), { from: ownerId, to: everyMember });
  return vault.get(handle, { digest, maxBytes, signal });
}
