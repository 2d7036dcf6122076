import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Order of the curve P-256, and its half: Fabric accepts only signatures whose S is at most that half. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER_BYTES = Buffer.from((ORDER / 2n).toString(16).padStart(64, '0'), 'hex');

/** Signs SHA-256(data) with a P-256 key, as Fabric wants it: DER with S in the lower half. */
export function signLowS(privateKey: KeyObject, data: Uint8Array): Buffer {
  const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const r = raw.subarray(0, 32);
  const s = raw.subarray(32);
  return encodeDer(r, Buffer.compare(s, HALF_ORDER_BYTES) > 0 ? negate(s) : s);
}

/** True when the signature is a DER P-256 signature over SHA-256(data) with S in the lower half. */
export function verifyLowS(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  const s = readS(signature);
  if (s === undefined || Buffer.compare(s, HALF_ORDER_BYTES) > 0) return false;
  return verify('sha256', data, publicKey, signature);
}

function negate(s: Buffer): Buffer {
  const low = ORDER - BigInt(`0x${s.toString('hex')}`);
  return Buffer.from(low.toString(16).padStart(64, '0'), 'hex');
}

function encodeDer(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([encodeInteger(r), encodeInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function encodeInteger(value: Buffer): Buffer {
  let from = 0;
  while (from < value.length - 1 && value[from] === 0) from++;
  const digits = value.subarray(from);
  const padding = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, digits.length + padding.length, ...padding]), digits]);
}

/** The second integer of a DER signature as 32 bytes, or undefined where the encoding is not one of P-256. */
function readS(der: Uint8Array): Buffer | undefined {
  const rLength = der[3];
  if (der[0] !== 0x30 || der[2] !== 0x02 || rLength === undefined) return undefined;
  const at = 4 + rLength;
  const sLength = der[at + 1];
  if (der[at] !== 0x02 || sLength === undefined || at + 2 + sLength !== der.length) return undefined;
  let s = Buffer.from(der.subarray(at + 2));
  while (s.length > 32 && s[0] === 0) s = s.subarray(1);
  if (s.length > 32) return undefined;
  return Buffer.concat([Buffer.alloc(32 - s.length), s]);
}
