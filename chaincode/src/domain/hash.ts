import { createHash } from 'node:crypto';

/**
 * The canonical hash: SHA-256 over the tag and then each field, as a big-endian u32 byte length and the UTF-8 bytes.
 * The encoding is injective: different lists of fields never share it. Numbers are written as decimal strings.
 */
export function canonicalHashBytes(tag: string, fields: readonly string[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of [tag, ...fields]) {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return new Uint8Array(hash.digest());
}

/**
 * The canonical hash as `sha256:<64 hex>`: SHA-256 over, for the tag and then each field, a big-endian u32 byte length and
 * the UTF-8 bytes. Numbers go in as decimal strings.
 */
export const canonicalHash = (tag: string, fields: readonly string[]): string =>
  `sha256:${Buffer.from(canonicalHashBytes(tag, fields)).toString('hex')}`;

/** The ledger of a record. Every hash of the protocol binds it, so nothing can be replayed on another ledger. */
export interface LedgerContext {
  /** The channel. */
  readonly channel: string;
  /** The chaincode's name. */
  readonly chaincode: string;
}
