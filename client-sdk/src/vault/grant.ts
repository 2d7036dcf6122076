import { X509Certificate, createPublicKey, verify } from 'node:crypto';
import {
  type LedgerContext,
  type PublicJwk,
  canonicalHashBytes,
  es256Signature,
  participantIdOf,
  publicJwk,
} from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { sdkError } from '../errors/veritrainError.js';
import type { Keyring } from '../keys/keyring.js';
import { s3Bucket, s3Endpoint, s3Region } from './s3/options.js';

const certificatePem = z.string().refine((pem) => {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}, 'must be a certificate in PEM');

/** What who runs a market's vault gives to one member: the way there, keys that open it, and the market's key. */
const vaultGrantSchema = z.strictObject({
  /** Always 2. */
  schemaVersion: z.literal(2),
  /** The member that it is for. */
  participantId: z.string().min(1),
  /** `http(s)://host[:port]` */
  endpoint: s3Endpoint,
  /** The name of the bucket. */
  bucket: s3Bucket,
  /** The region that requests are signed for. */
  region: s3Region.optional(),
  /** Whether the bucket stands in the path of addresses, not in the host’s name. */
  pathStyle: z.boolean().optional(),
  /** The certificate that the server's is issued by, PEM. */
  rootCertificatePem: certificatePem.optional(),
  /** 32 bytes that all members share, in hex: they name places, and what is for all members is encrypted with them. */
  marketKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** The account of the server that the credentials are of; absent where they are of the operator's own. */
  account: z.string().min(1).max(128).optional(),
  /** The keys of the vault. */
  credentials: z.strictObject({
    /** Which key. */
    accessKey: z.string().min(1),
    /** Its secret. */
    secretKey: z.string().min(1),
    /** Of keys that expire. */
    sessionToken: z.string().min(1).optional(),
  }),
  /** When it was signed, by its operator's clock, milliseconds since the epoch. */
  issuedAt: z.int().min(0),
  /** Until when the credentials hold, milliseconds since the epoch; null where they do not expire. */
  expiresAt: z.int().min(0).nullable(),
});

/** What a vault's operator gives to one member: the way there, keys that open it, and the market's key. */
export interface VaultGrant extends z.infer<typeof vaultGrantSchema> {}

const signedSchema = z.strictObject({
  /** JSON, as it was signed. */
  grant: z.string(),
  /** The keys that the operator's id stands for. */
  operator: z.strictObject({ signingKey: publicJwk, encryptionKey: publicJwk }),
  signature: es256Signature,
});

/** A grant, and who signed it. */
export interface OpenedGrant {
  /** The grant. */
  readonly grant: VaultGrant;
  /** The participant id that the signer's keys have, registered or not. */
  readonly operatorId: string;
}

/** For one market: a grant of another one does not verify. */
const messageOf = ({ channel, chaincode }: LedgerContext, grant: string): Uint8Array =>
  canonicalHashBytes('veritrain/vault-grant/1', [channel, chaincode, grant]);

/**
 * A grant for nobody but its member, signed by who runs the vault: a compact JWE, which may travel any way.
 *
 * @param operator the keyring of who runs the vault
 */
export async function sealGrant(
  operator: Keyring,
  place: LedgerContext,
  recipient: PublicJwk,
  given: VaultGrant,
): Promise<string> {
  const grant = JSON.stringify(vaultGrantSchema.parse(given));
  const { signingKey, encryptionKey } = operator;
  const signature = operator.sign(messageOf(place, grant));
  const signed = { grant, operator: { signingKey, encryptionKey }, signature };
  return operator.seal(recipient, Buffer.from(JSON.stringify(signed)));
}

/**
 * Opens and checks a grant. Anybody can sign one: whether its operator is the right one, the caller has to know.
 *
 * @throws ENVELOPE_UNOPENED where it was sealed to somebody else, GRANT_INVALID, GRANT_UNSIGNED
 */
export async function openGrant(
  keyring: Keyring,
  place: LedgerContext,
  sealed: string,
): Promise<OpenedGrant> {
  const { grant, operator, signature } = parse(
    signedSchema,
    Buffer.from(await keyring.open(sealed.trim())).toString('utf8'),
  );
  if (!isSigned(messageOf(place, grant), signature, operator.signingKey))
    throw sdkError('VT8226', 'The grant is not signed for this market by whoever it names as its operator.');
  return { grant: parse(vaultGrantSchema, grant), operatorId: participantIdOf(operator) };
}

function isSigned(message: Uint8Array, signature: string, signingKey: PublicJwk): boolean {
  try {
    const key = createPublicKey({ key: { ...signingKey }, format: 'jwk' });
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // The cause stays here: a parser's message may quote what it read.
    throw sdkError('VT8221', 'What was sealed to this member is no grant of a vault.');
  }
}
