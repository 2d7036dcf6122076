import type { PublicJwk } from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { sdkError } from '../errors/veritrainError.js';
import type { Keyring } from '../keys/keyring.js';

/** What who runs a market's vault gives to one member: the way there, keys that open it, and the market's key. */
const vaultGrantSchema = z.strictObject({
  schemaVersion: z.literal(1),
  participantId: z.string().min(1),
  endpoint: z.url(),
  bucket: z.string().min(1),
  region: z.string().min(1).optional(),
  pathStyle: z.boolean().optional(),
  rootCertificatePem: z.string().startsWith('-----BEGIN ').optional(),
  /** 32 bytes that all members share, in hex: they name places, and what is for all members is encrypted with them. */
  marketKey: z.string().regex(/^[0-9a-f]{64}$/),
  credentials: z.strictObject({
    accessKey: z.string().min(1),
    secretKey: z.string().min(1),
    sessionToken: z.string().min(1).optional(),
  }),
  /** Until when the credentials hold, milliseconds since the epoch; null where they do not expire. */
  expiresAt: z.int().min(0).nullable(),
});

export type VaultGrant = z.infer<typeof vaultGrantSchema>;

/** A grant for nobody but its member: a compact JWE, which may travel any way. */
export function sealGrant(keyring: Keyring, recipient: PublicJwk, grant: VaultGrant): Promise<string> {
  return keyring.seal(recipient, Buffer.from(JSON.stringify(vaultGrantSchema.parse(grant))));
}

/** @throws ENVELOPE_UNOPENED where it was sealed to somebody else, GRANT_INVALID */
export async function openGrant(keyring: Keyring, sealed: string): Promise<VaultGrant> {
  const bytes = await keyring.open(sealed.trim());
  try {
    return vaultGrantSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // The cause stays here: a parser's message may quote what it read.
    throw sdkError('VT8221', 'What was sealed to this member is no grant of a vault.');
  }
}
