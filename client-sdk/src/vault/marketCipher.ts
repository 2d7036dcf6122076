import { keyIdentity } from '../keys/ageKeys.js';
import { openStream, sealStream } from '../keys/sealedStream.js';
import type { StreamCipher } from './encryptedVault.js';

/** Sealed streams under the 32 bytes that a market's members share. */
export function marketCipher(key: Uint8Array): StreamCipher {
  return {
    encrypt: (content) => sealStream([{ key }], content, noEnvelopes),
    decrypt: (content) => openStream(content, keyIdentity(key)),
  };
}

const noEnvelopes = {
  seal: (): Promise<string> => Promise.reject(new Error('nothing is sealed to a member here')),
};
