import { type KeyObject, createPrivateKey, sign } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';

const scalarBytes = 32;
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const halfOrder = bytesOf(order >> 1n);

/**
 * Signs whole messages with ECDSA P-256 and SHA-256 in native code. Pair it with `hash.none`: the gateway client
 * then passes messages unhashed, and node:crypto hashes and signs in one call, which is several times faster than the
 * client's own JavaScript signer. Fabric accepts only signatures whose S is in the lower half.
 *
 * @throws IDENTITY_INVALID if the key is no P-256 private key.
 */
export function nativeSigner(privateKeyPem: string): (message: Uint8Array) => Promise<Uint8Array> {
  const key = readPrivateKey(privateKeyPem);
  return (message) => Promise.resolve(signLowS(message, key));
}

export function readPrivateKey(privateKeyPem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch (cause) {
    // The cause of OpenSSL names the format's fault only, never key material.
    throw sdkError('VT8003', 'The private key cannot be read as PEM.', { cause });
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1') {
    const facts = { keyType: key.asymmetricKeyType ?? 'unknown', curve: curve ?? 'none' };
    throw sdkError('VT8003', 'The private key is not on the curve P-256.', { facts });
  }
  return key;
}

function signLowS(message: Uint8Array, key: KeyObject): Uint8Array {
  const signature = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  return derSignature(signature.subarray(0, scalarBytes), lowS(signature.subarray(scalarBytes)));
}

function lowS(bytes: Buffer): Buffer {
  if (bytes.compare(halfOrder) <= 0) return bytes;
  return bytesOf(order - BigInt(`0x${bytes.toString('hex')}`));
}

function bytesOf(scalar: bigint): Buffer {
  return Buffer.from(scalar.toString(16).padStart(scalarBytes * 2, '0'), 'hex');
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
