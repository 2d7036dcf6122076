import { createHash, createHmac } from 'node:crypto';

/** Values that have one canonical JSON text. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/**
 * JSON with sorted keys and no white space (RFC 8785): one text for one value, the contract's own. Numbers are written
 * as ECMAScript writes them (shortest text that reads back as the same double), so doubles survive exactly.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a finite number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
  }
  return `{${fields.join(',')}}`;
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** SHA-256 of bytes, written `sha256:<64 hex>`. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The parts, each behind its length as u32 big-endian: no two lists of parts give the same bytes. */
export function encodeParts(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const buffers = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
  const out = Buffer.alloc(buffers.reduce((sum, buffer) => sum + 4 + buffer.length, 0));
  let offset = 0;
  for (const buffer of buffers) {
    out.writeUInt32BE(buffer.length, offset);
    out.set(buffer, offset + 4);
    offset += 4 + buffer.length;
  }
  return out;
}

/** SHA-256 over {@link encodeParts}; the first part is the domain tag. */
export function hashParts(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return createHash('sha256').update(encodeParts(parts)).digest();
}

/** HMAC-SHA-256 under `key` over {@link encodeParts}; the first part is the domain tag. */
export function macParts(key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return createHmac('sha256', key).update(encodeParts(parts)).digest();
}

/** Digest string of the canonical JSON of a document. */
export function digestOfJson(value: JsonValue): string {
  return digestOf(Buffer.from(canonicalJson(value), 'utf8'));
}
