import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import type { Keyring } from '../keys/keyring.js';
import { maxSealedBytes } from '../keys/sealedStream.js';
import { requirePromised } from './checked.js';
import { digestOf } from './digest.js';
import type { GetOptions, Vault } from './vault.js';

/**
 * Reads a whole object that was sealed to this member (`keyring.sealObject`). Digest and size are those of the content.
 *
 * @throws those of `Vault.get`; DIGEST_MISMATCH also where it was changed, or sealed to others only
 */
export async function getSealed(
  { vault, keyring }: { readonly vault: Vault; readonly keyring: Pick<Keyring, 'openObject'> },
  handle: string,
  { digest, maxBytes = Infinity, signal }: Omit<GetOptions, 'sealed'>,
): Promise<Uint8Array> {
  const sealed = await vault.get(handle, { maxBytes: maxSealedBytes(maxBytes), sealed: true, signal });
  const content = await keyring.openObject(sealed).catch((cause: unknown) => {
    if (!isVeritrainError(cause, 'VT8401')) throw cause;
    const reason = 'The object was changed, or is sealed to others.';
    throw sdkError('VT8202', reason, { facts: { handle }, cause });
  });
  requirePromised(handle, digestOf(content), digest);
  return content;
}
