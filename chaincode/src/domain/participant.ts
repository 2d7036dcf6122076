import { z } from 'zod';
import { participantId } from './ids.js';
import { canonicalHash } from './hash.js';
import { digest, publicJwk, transactionId } from './primitives.js';
import { role } from './roles.js';
import { participantIdOf } from './selfCertifiedId.js';

const roleList = z
  .array(role)
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'names a role twice');

export const participantFields = {
  participantId,
  roles: roleList,
  /** ES256: signs join tokens. */
  signingKey: publicJwk,
  /** ECDH-ES: other members seal packages, invites and locations to it. */
  encryptionKey: publicJwk,
};

/**
 * A member under a pseudonym. The ledger holds no name, address or URL. The schema rejects a record whose id belongs to
 * other keys, so parsing a participant checks its keys.
 */
export const participant = z
  .strictObject({
    ...participantFields,
    /** Hash of MSP id, subject and issuer, so that a renewed certificate is the same member. */
    identity: digest,
    transactionId,
  })
  .check(({ value, issues }) => {
    const { participantId: told } = value;
    if (told === participantIdOf(value)) return;
    const params = { [foreignKeysOf]: told };
    issues.push({
      code: 'custom',
      message: 'does not have the keys that its id belongs to',
      input: value,
      params,
    });
  });
/** A participant, as the ledger has it. */
export interface Participant extends z.infer<typeof participant> {}

/** Names the participant in the issue that {@link participant} raises for keys that do not match the id. */
export const foreignKeysOf = 'foreignKeysOf';

/** The identity behind a certificate. `clientId` is Fabric's `x509::<subject>::<issuer>`. */
export const identityOf = (mspId: string, clientId: string): string =>
  canonicalHash('veritrain/identity/1', [mspId, clientId]);
