import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A curve that Fabric's peers support. */
interface Curve {
  readonly order: bigint;
  /** Half the curve's order, as bytes without leading zeros. */
  readonly half: Uint8Array;
  readonly scalarBytes: number;
}

/** By OpenSSL's names. Fabric accepts only signatures whose S is at most half the order. */
const CURVES: Readonly<Record<string, Curve>> = {
  secp224r1: curve('ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d'),
  prime256v1: curve('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  secp384r1: curve(
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
  secp521r1: curve(
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
};

/** Signs SHA-256(data) with a key on one of the curves, in Fabric's form: DER with S in the lower half. */
export function signLowS(privateKey: KeyObject, data: Uint8Array): Buffer {
  const curve = curveOf(privateKey);
  if (curve === undefined) throw new TypeError('Fabric does not support the curve of the key');
  const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const r = raw.subarray(0, curve.scalarBytes);
  const s = raw.subarray(curve.scalarBytes);
  return encodeDer(r, isLow(s, curve) ? s : negate(s, curve));
}

/**
 * True if the signature is a DER signature over SHA-256(data) with S in the lower half. Fabric uses SHA-256 with every
 * curve.
 */
export function verifyLowS(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  const curve = curveOf(publicKey);
  if (curve === undefined) return false;
  const s = readS(signature);
  if (s === undefined || !isLow(s, curve)) return false;
  return verify('sha256', data, publicKey, signature);
}

function curve(orderHex: string): Curve {
  const order = BigInt(`0x${orderHex}`);
  const scalarBytes = orderHex.length / 2;
  return { order, half: withoutZeros(bytesOf(order / 2n, scalarBytes)), scalarBytes };
}

/** Undefined for other kinds of keys and for curves that Fabric does not support. */
function curveOf(key: KeyObject): Curve | undefined {
  const name = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return name !== undefined && Object.hasOwn(CURVES, name) ? CURVES[name] : undefined;
}

function isLow(s: Uint8Array, { half }: Curve): boolean {
  const digits = withoutZeros(s);
  if (digits.length !== half.length) return digits.length < half.length;
  return Buffer.compare(digits, half) <= 0;
}

function negate(s: Buffer, { order, scalarBytes }: Curve): Buffer {
  return bytesOf(order - BigInt(`0x${s.toString('hex')}`), scalarBytes);
}

function bytesOf(scalar: bigint, length: number): Buffer {
  return Buffer.from(scalar.toString(16).padStart(2 * length, '0'), 'hex');
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? bytes.length : first);
}

function encodeDer(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([encodeInteger(r), encodeInteger(s)]);
  const length = body.length < 0x80 ? [body.length] : [LONG_LENGTH, body.length];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

/** DER: one more byte holds the length. Only signatures of P-521 are this long. */
const LONG_LENGTH = 0x81;

function encodeInteger(value: Buffer): Buffer {
  let from = 0;
  while (from < value.length - 1 && value[from] === 0) from++;
  const digits = value.subarray(from);
  const padding = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, digits.length + padding.length, ...padding]), digits]);
}

/** The second integer of a DER signature, or undefined if the encoding is invalid. OpenSSL verifies the rest. */
function readS(der: Uint8Array): Uint8Array | undefined {
  const body = der.subarray(der[1] === LONG_LENGTH ? 3 : 2);
  const rLength = body[1];
  if (der[0] !== 0x30 || body[0] !== 0x02 || rLength === undefined) return undefined;
  const at = 2 + rLength;
  const sLength = body[at + 1];
  if (body[at] !== 0x02 || sLength === undefined || at + 2 + sLength !== body.length) return undefined;
  return body.subarray(at + 2);
}
