import type { Market } from '@veritrain/client-sdk';
import { digestOf, everyMember } from '@veritrain/client-sdk/vault';
import { documentHandle, documentName, putOwn } from './ownObjects.js';

/** The part of a market that holds documents. */
export type DocumentStore = Pick<Market, 'vault' | 'handles'>;

/** The largest template has 1,024 columns of long names, their levels and 1000 subsets. Other documents are smaller, or their size is known. */
export const maxTemplateBytes = 2 * 1024 * 1024;
export const maxProgramBytes = 16 * 1024;

/** Stores a document for all members, under a handle that follows from its digest. @returns its digest */
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
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** The member that stored it, `pt_…`. */
  readonly ownerId: string;
  /** Refuse larger documents. Default: 256 KiB, which no template exceeds. */
  readonly maxBytes?: number;
}

/** Fetches a document and checks it against its digest. @throws OBJECT_MISSING, OBJECT_TOO_LARGE, DIGEST_MISMATCH */
export function getPublicDocument(
  { vault, handles }: DocumentStore,
  { digest, ownerId, maxBytes = maxTemplateBytes }: DocumentReference,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const handle = handles.of(documentName(digest), { from: ownerId, to: everyMember });
  return vault.get(handle, { digest, maxBytes, signal });
}
