import { createHash } from 'node:crypto';

/** SHA-256 of bytes, `sha256:<64 hex>`. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
