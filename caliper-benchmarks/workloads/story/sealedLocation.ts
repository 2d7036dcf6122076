import { encodeLocation } from '@veritrain/client-sdk/keys';
import type { Member } from '../preparedMarket.js';
import { digestFor } from './digests.js';

/** Seals handle, digest and key of an update to the model owner, as a host does. */
export function sealLocation({ keyring }: Member): Promise<string> {
  const location = {
    handle: keyring.handle('update'),
    digest: digestFor('update'),
    key: keyring.derive('update'),
  };
  return keyring.seal(keyring.encryptionKey, encodeLocation(location));
}
