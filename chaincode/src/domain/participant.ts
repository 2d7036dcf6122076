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
  /** ECDH-ES: packages, invites and locations are sealed to it. */
  encryptionKey: publicJwk,
};

/**
 * A member under a pseudonym. The ledger holds no name, address or URL. A record whose id stands for other keys does
 * not follow the schema, so whoever parses a participant has checked its keys.
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
    issues.push({ code: 'custom', message: 'has other keys than its id stands for', input: value, params });
  });
export type Participant = z.infer<typeof participant>;

/** Names the participant in the issue that {@link participant} raises when keys are not those of the id. */
export const foreignKeysOf = 'foreignKeysOf';

/** The identity behind a certificate. `clientId` is Fabric's `x509::<subject>::<issuer>`. */
export const identityOf = (mspId: string, clientId: string): string =>
  canonicalHash('veritrain/identity/1', [mspId, clientId]);
