import { type Hash, createHash } from 'node:crypto';

/** SHA-256 of bytes, `sha256:<64 hex>`. */
export function digestOf(bytes: Uint8Array): string {
  return endDigest(createHash('sha256').update(bytes));
}

/** The digest of all that went into a SHA-256, which takes nothing more. */
export const endDigest = (hash: Hash): string => `sha256:${hash.digest('hex')}`;

/** The digest of what streams by. */
export async function digestOfStream(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return endDigest(hash);
}
