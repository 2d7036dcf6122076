import { digest, vaultHandle } from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { sdkError } from '../errors/veritrainError.js';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  handle: vaultHandle,
  digest,
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/** Where an encrypted object lies and how to open it: what a host seals to the model owner with its update. */
export interface ObjectLocation {
  /** Its name in the vault. */
  readonly handle: string;
  /** Of the stored, encrypted bytes. */
  readonly digest: string;
  /** 32 bytes, for `decryptObject`. */
  readonly key: Uint8Array;
}

/** The bytes to seal. */
export function encodeLocation({ handle, digest, key }: ObjectLocation): Uint8Array {
  const text = JSON.stringify({
    schemaVersion: 1,
    handle,
    digest,
    key: Buffer.from(key).toString('base64url'),
  });
  return Buffer.from(text);
}

/** Reads a location from the bytes that a host sealed. @throws ENVELOPE_UNOPENED when they are no location */
export function decodeLocation(bytes: Uint8Array): ObjectLocation {
  try {
    const { handle, digest, key } = schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { handle, digest, key: Buffer.from(key, 'base64url') };
  } catch {
    // Without a cause: the bytes may hold a key.
    throw sdkError('VT8401', 'What was sealed is no location of an object.');
  }
}
