import { type KeyObject, createPrivateKey, sign } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';

interface Curve {
  readonly order: bigint;
  /** The largest S that Fabric accepts, as long as every scalar of the curve. */
  readonly halfOrder: Buffer;
}

/** P-256 and P-384, by OpenSSL's names: the curves of the gateway client's own signer. */
const curves = new Map<string | undefined, Curve>([
  ['prime256v1', curve('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')],
  [
    'secp384r1',
    curve('ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  ],
]);

/**
 * Signs whole messages with ECDSA and SHA-256, which peers take for P-384 too, in native code. Pair it with `hash.none`:
 * the gateway client then passes messages unhashed, and node:crypto hashes and signs in one call, which is several times
 * faster than the client's own JavaScript signer. Fabric accepts only signatures whose S is in the lower half.
 *
 * @throws IDENTITY_INVALID if the key is no private key on P-256 or P-384.
 */
export function nativeSigner(privateKeyPem: string): (message: Uint8Array) => Promise<Uint8Array> {
  const { key, curve } = readKey(privateKeyPem);
  return (message) => Promise.resolve(signLowS(message, key, curve));
}

export function readPrivateKey(privateKeyPem: string): KeyObject {
  return readKey(privateKeyPem).key;
}

function readKey(privateKeyPem: string): { key: KeyObject; curve: Curve } {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch (cause) {
    // The cause of OpenSSL names the format's fault only, never key material.
    throw sdkError('VT8003', 'The private key cannot be read as PEM.', { cause });
  }
  const namedCurve = key.asymmetricKeyDetails?.namedCurve;
  const curve = curves.get(namedCurve);
  if (key.asymmetricKeyType !== 'ec' || curve === undefined) {
    const facts = { keyType: key.asymmetricKeyType ?? 'unknown', curve: namedCurve ?? 'none' };
    throw sdkError('VT8003', 'The private key is not on the curve P-256 or P-384.', { facts });
  }
  return { key, curve };
}

function curve(orderHex: string): Curve {
  const order = BigInt(`0x${orderHex}`);
  return { order, halfOrder: bytesOf(order >> 1n, orderHex.length / 2) };
}

function signLowS(message: Uint8Array, key: KeyObject, curve: Curve): Uint8Array {
  const signature = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  const scalarBytes = curve.halfOrder.length;
  return derSignature(signature.subarray(0, scalarBytes), lowS(signature.subarray(scalarBytes), curve));
}

function lowS(bytes: Buffer, { order, halfOrder }: Curve): Buffer {
  if (bytes.compare(halfOrder) <= 0) return bytes;
  return bytesOf(order - BigInt(`0x${bytes.toString('hex')}`), bytes.length);
}

function bytesOf(scalar: bigint, length: number): Buffer {
  return Buffer.from(scalar.toString(16).padStart(length * 2, '0'), 'hex');
}

/** DER: SEQUENCE of two INTEGERs, each without needless leading zeros but with one where the top bit is set. */
function derSignature(r: Buffer, s: Buffer): Buffer {
  const parts = [derInteger(r), derInteger(s)];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([0x30, length]), ...parts]);
}

function derInteger(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = bytes.subarray(start);
  const padding = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, digits.length + padding.length, ...padding]), digits]);
}
