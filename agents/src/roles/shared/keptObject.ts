import { isVeritrainError } from '@veritrain/client-sdk';
import { decryptObject } from '@veritrain/client-sdk/keys';

/** Decrypts a file that this agent encrypted for itself; undefined where the file was damaged since. */
export function openKept(key: Uint8Array, object: Uint8Array, context: string): Uint8Array | undefined {
  try {
    return decryptObject(key, object, context);
  } catch (error) {
    if (!isVeritrainError(error, 'VT8401')) throw error;
    return undefined;
  }
}
