import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { canonicalHashBytes } from '@veritrain/chaincode/domain';
import { sdkError } from '../errors/veritrainError.js';

const magic = Buffer.from('VTO1');
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const pieceBytes = 1024 * 1024;
const headBytes = magic.length + nonceBytes;

/** Bytes that encryption adds to an object. */
export const objectOverheadBytes = headBytes + tagBytes;

/**
 * Encrypts an object of any size with AES-256-GCM: `VTO1` ‖ nonce (12) ‖ ciphertext ‖ tag (16). The nonce is bound to
 * key, context and content, so the same object encrypts to the same bytes again and no nonce meets two contents.
 * Memory: the content and one copy.
 *
 * @param key 32 bytes.
 * @param context What the object is, such as couple and attempt; opening asks for the same.
 */
export function encryptObject(key: Uint8Array, content: Uint8Array, ...context: string[]): Uint8Array {
  const additional = additionalData(context);
  const nonce = nonceFor(checkKey(key), content, additional);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additional);
  const object = Buffer.allocUnsafe(content.length + objectOverheadBytes);
  magic.copy(object);
  nonce.copy(object, magic.length);
  copyThrough(content, (piece) => cipher.update(piece), object.subarray(headBytes));
  cipher.final();
  cipher.getAuthTag().copy(object, object.length - tagBytes);
  return object;
}

/**
 * Decrypts what `encryptObject` made with the same key and context.
 *
 * @param key 32 bytes
 * @throws ENVELOPE_UNOPENED if key or context are others, or any byte was changed
 */
export function decryptObject(key: Uint8Array, object: Uint8Array, ...context: string[]): Uint8Array {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  if (bytes.length < objectOverheadBytes || !bytes.subarray(0, magic.length).equals(magic))
    throw sdkError('VT8401', 'These bytes are no encrypted object.', { facts: { sizeBytes: bytes.length } });
  const nonce = bytes.subarray(magic.length, headBytes);
  const decipher = createDecipheriv('aes-256-gcm', checkKey(key), nonce, { authTagLength: tagBytes })
    .setAAD(additionalData(context))
    .setAuthTag(bytes.subarray(-tagBytes));
  const content = Buffer.allocUnsafe(bytes.length - objectOverheadBytes);
  copyThrough(bytes.subarray(headBytes, -tagBytes), (piece) => decipher.update(piece), content);
  try {
    decipher.final();
  } catch (cause) {
    throw sdkError('VT8401', 'The object was changed, or belongs to another key or context.', { cause });
  }
  return content;
}

function copyThrough(source: Uint8Array, transform: (piece: Uint8Array) => Buffer, target: Buffer): void {
  for (let start = 0; start < source.length; start += pieceBytes)
    transform(source.subarray(start, start + pieceBytes)).copy(target, start);
}

function nonceFor(key: Uint8Array, content: Uint8Array, additional: Uint8Array): Buffer {
  const digest = createHash('sha256').update(content).digest('hex');
  const input = canonicalHashBytes('veritrain/object-nonce/1', [
    Buffer.from(additional).toString('hex'),
    digest,
  ]);
  return createHmac('sha256', key).update(input).digest().subarray(0, nonceBytes);
}

function additionalData(context: readonly string[]): Uint8Array {
  return canonicalHashBytes('veritrain/object/1', context);
}

function checkKey(key: Uint8Array): Uint8Array {
  if (key.length === keyBytes) return key;
  throw sdkError('VT8305', 'An object key has 32 bytes.', { facts: { keyBytes: key.length } });
}
