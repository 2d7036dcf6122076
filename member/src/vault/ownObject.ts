import { isVeritrainError } from '@veritrain/client-sdk';
import type { GetOptions, PutOptions, StoredObject, Vault } from '@veritrain/client-sdk/vault';

/** What stands in for an object that is missing, changed, too large, not granted, unreadable or no file where it lies. */
const unavailable = ['VT8002', 'VT8201', 'VT8202', 'VT8205', 'VT8206', 'VT8223'];

/** Whether an object of the vault cannot be had now; it may come, or come back. */
export const isUnavailable = (error: unknown): boolean => isVeritrainError(error, ...unavailable);

/** The vault itself is not to be had by this member now: no way there, no credentials that it takes. */
const vaultTroubles = ['VT8207', 'VT8208', 'VT8209', 'VT8210', 'VT8211', 'VT8214', 'VT8215', 'VT8225'];

/** Whether an object cannot be read now, be it for the object's sake or for the vault's. */
export const isOutOfReach = (error: unknown): boolean =>
  isUnavailable(error) || isVeritrainError(error, ...vaultTroubles) || isVeritrainError(error, 'VT9241');

/** Whether the vault takes nothing from this member now: out of reach, full, or closed to it. */
export const isClosed = (error: unknown): boolean =>
  isOutOfReach(error) || isVeritrainError(error, 'VT8212', 'VT8213');

/**
 * Stores an object under a handle that follows from this member's keyring, or from the content itself. Other bytes
 * there are a damaged copy, or were put there to be in the way: they are replaced.
 */
export async function putOwn(
  vault: Vault,
  content: Uint8Array,
  options: Pick<PutOptions, 'sealed' | 'signal'> & { handle: string },
): Promise<StoredObject> {
  try {
    return await vault.put(content, options);
  } catch (error) {
    if (!isVeritrainError(error, 'VT8204') && !isUnavailable(error)) throw error;
    await vault.delete(options.handle, { signal: options.signal });
    return vault.put(content, options);
  }
}

/** Whether the vault hands out the very bytes of a digest. */
export async function isIntact(
  vault: Vault,
  { handle, ...options }: GetOptions & { handle: string; digest: string },
): Promise<boolean> {
  try {
    const pieces = vault.stream(handle, options)[Symbol.asyncIterator]();
    while (!(await pieces.next()).done);
    return true;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return false;
  }
}
