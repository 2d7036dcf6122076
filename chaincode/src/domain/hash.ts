import { createHash } from 'node:crypto';

/**
 * The canonical hash: SHA-256 over, for the tag and then each field, a big-endian u32 byte length and the UTF-8
 * bytes. Injective, so no two lists of fields share an encoding. Numbers go in as decimal strings.
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

/** {@link canonicalHashBytes} as `sha256:<64 hex>`. */
export const canonicalHash = (tag: string, fields: readonly string[]): string =>
  `sha256:${Buffer.from(canonicalHashBytes(tag, fields)).toString('hex')}`;

/** Where a record lives: every hash of the protocol binds it, so that nothing can be replayed elsewhere. */
export interface LedgerPlace {
  readonly channel: string;
  readonly chaincode: string;
}
