import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

/** SHA-256 of an object's exact bytes, `sha256:<64 lower-case hex>`. */
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256:<64 hex>');
/** 32 random bytes in lower-case hex. */
export const nonce = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
/** The name of an object in the market's vault: opaque and random, so it reveals neither content nor location. */
export const vaultHandle = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,128}$/, 'must be 16 to 128 of A-Z a-z 0-9 _ -');
/** A JWE in compact form, at most 4 KiB. */
export const compactJwe = z
  .string()
  .max(4096)
  .regex(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a compact JWE');
/** An ES256 signature (64 bytes, IEEE P1363) in base64url. */
export const es256Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'must be 86 base64url characters');
/** Milliseconds since the epoch. */
export const epochMs = z.int().min(0).max(8_640_000_000_000_000);
/** A span of time in milliseconds, at most ten years. */
export const durationMs = z.int().min(1).max(316_224_000_000);
/** The MSP id of an organisation. */
export const mspId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
/** The id that Fabric gave the transaction. */
export const transactionId = z.string().min(1).max(128);
export const text = (longest: number) => z.string().min(1).max(longest);
/** A finite decimal number as text, so that every endorser writes the same bytes. */
export const decimal = z
  .string()
  .regex(/^-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?$/, 'must be a decimal number');

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

function isOnCurve(key: { kty: string; crv: string; x: string; y: string }): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

/** A public P-256 key as a JWK with exactly kty, crv, x and y; refused when the point is not on the curve. */
export const publicJwk = z
  .strictObject({
    /** Always EC. */
    kty: z.literal('EC'),
    /** Always P-256. */
    crv: z.literal('P-256'),
    /** 32 bytes in base64url. */
    x: coordinate,
    /** 32 bytes in base64url. */
    y: coordinate,
  })
  .refine(isOnCurve, 'must be a point on P-256');
/** A public P-256 key. */
export interface PublicJwk extends z.infer<typeof publicJwk> {}

/** Clock sequence and clock time when a record was written, and the transaction that wrote it. */
export const stamp = z.strictObject({
  /** Ticks of the clock until then. */
  sequence: z.int().min(0),
  /** The clock's time, milliseconds since the epoch. */
  time: epochMs,
  transactionId,
});
/** When a record was written, and by which transaction. */
export interface Stamp extends z.infer<typeof stamp> {}

/** Input of a paged list. `bookmark` comes from the previous page; it is empty or absent for the first. */
export const pageInput = {
  pageSize: z.int().min(1).max(200).optional(),
  bookmark: z.string().max(1024).optional(),
};
export const defaultPageSize = 50;

/** `bookmark` is empty after the last page. With a filter a page may be shorter than requested. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), bookmark: z.string() });
