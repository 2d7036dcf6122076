import type { PublicJwk } from '@veritrain/chaincode/domain';
import type { Identity, Recipient, Stanza } from 'age-encryption';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { decryptObject, encryptObject } from './sealedObject.js';

/** Whom to seal to: a member, by its encryption key, or whoever has these 32 bytes. */
export type SealRecipient =
  | PublicJwk
  | {
      /** 32 bytes. */
      readonly key: Uint8Array;
    };

/** How a member's envelopes are made and opened. */
export interface Envelopes {
  seal(recipient: PublicJwk, content: Uint8Array): Promise<string>;
  open(envelope: string): Promise<Uint8Array>;
}

const memberStanza = 'veritrain/p256-jwe';
const keyStanza = 'veritrain/key';
/** Of the key that age draws for each file. */
const fileKeyBytes = 16;

/** The file key as a compact JWE to a member, or encrypted under a key that all recipients have. */
export function ageRecipient(
  recipient: SealRecipient,
  envelopes: Pick<Envelopes, 'seal'>,
  AgeStanza: typeof Stanza,
): Recipient {
  return {
    wrapFileKey: async (fileKey) => {
      if ('key' in recipient) {
        return [new AgeStanza([keyStanza], encryptObject(recipient.key, fileKey, keyStanza))];
      }
      return [new AgeStanza([memberStanza], Buffer.from(await envelopes.seal(recipient, fileKey), 'latin1'))];
    },
  };
}

/** Finds the stanza that is sealed to this member; no stanza says to whom it is. */
export function memberIdentity(envelopes: Pick<Envelopes, 'open'>): Identity {
  return {
    unwrapFileKey: (stanzas) =>
      firstOpened(stanzas, memberStanza, (body) => envelopes.open(Buffer.from(body).toString('latin1'))),
  };
}

/** Finds the stanza that is encrypted under this key, 32 bytes. @throws KEY_INVALID */
export function keyIdentity(key: Uint8Array): Identity {
  return {
    unwrapFileKey: (stanzas) =>
      firstOpened(stanzas, keyStanza, (body) => Promise.resolve(decryptObject(key, body, keyStanza))),
  };
}

async function firstOpened(
  stanzas: readonly Stanza[],
  kind: string,
  open: (body: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array | null> {
  for (const { args, body } of stanzas) {
    if (args.length !== 1 || args[0] !== kind) continue;
    const fileKey = await open(body).catch(notForUs);
    if (fileKey === undefined) continue;
    if (fileKey.length === fileKeyBytes) return fileKey;
    throw sdkError('VT8401', 'What was sealed is no key of an age file.');
  }
  return null;
}

function notForUs(error: unknown): undefined {
  if (!isVeritrainError(error, 'VT8401')) throw error;
  return undefined;
}
