import { z } from 'zod';
import { issuesOf } from '../../errors/issues.js';
import { sdkError } from '../../errors/veritrainError.js';
import type { S3Timing } from './timing.js';

/** `http(s)://host[:port]`: objects lie in a bucket, not under a path. */
export const s3Endpoint = z
  .url({
    protocol: /^https?$/,
    abort: true,
    error: 'must look like https://s3.example.com or http://127.0.0.1:9000',
  })
  .refine((text) => {
    const { username, password } = new URL(text);
    return username + password === '';
  }, 'an endpoint has no credentials in it')
  .refine((text) => {
    const { href } = new URL(text);
    return href.endsWith('/') && !/[?#]/.test(href) && new URL(text).pathname === '/';
  }, 'an endpoint ends with its host and port: no path, no query');

/** The name of a bucket: 3 to 63 of a-z, 0-9, `.` and `-`. */
export const s3Bucket = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
/** The name of a region: 1 to 63 of a-z, 0-9 and `-`. */
export const s3Region = z.string().regex(/^[a-z0-9-]{1,63}$/);

/** How a profile names credentials: never the secret itself. */
export const namedCredentials = z.discriminatedUnion('kind', [
  z.strictObject({
    /** `VERITRAIN_S3_ACCESS_KEY` and its like. */
    kind: z.literal('environment'),
  }),
  z.strictObject({
    /** A JSON file. */
    kind: z.literal('file'),
    /** The path of the file. */
    path: z.string().min(1),
  }),
  z.strictObject({
    /** Keys for a token, from the server's Security Token Service. */
    kind: z.literal('webIdentity'),
    /** The path of the token's file. */
    tokenFile: z.string().min(1),
    /** Where the service is, if not at the vault's own endpoint. */
    endpoint: s3Endpoint.optional(),
    /** The role to take, where the service wants one. */
    roleArn: z.string().min(1).optional(),
  }),
]);

const secret = z.string().min(1);
export const staticCredentials = z.strictObject({
  /** Which key. */
  accessKey: secret,
  /** Its secret. */
  secretKey: secret,
  /** Of keys that expire. */
  sessionToken: secret.optional(),
});

const credentials = z.union([
  namedCredentials,
  staticCredentials.extend({
    /** The keys themselves. */
    kind: z.literal('static'),
  }),
]);

/**
 * Who asks. Everything but `static` is read again for each request, so that it can be renewed in place.
 *
 * @useDeclaredType
 */
export type S3Credentials = z.infer<typeof credentials>;

const optionsSchema = z.object({
  endpoint: s3Endpoint,
  bucket: s3Bucket,
  region: s3Region.optional(),
  pathStyle: z.boolean().optional(),
  tls: z.strictObject({ rootCertificatePem: z.string().startsWith('-----BEGIN ').optional() }).optional(),
  credentials,
});

/** Any S3, and this member's way into it. */
export interface S3Options {
  /** `http(s)://host[:port]` */
  readonly endpoint: string;
  /** The name of the bucket. */
  readonly bucket: string;
  /** What requests are signed for; `us-east-1` if absent. */
  readonly region?: string | undefined;
  /** `https://host/bucket/key` (the default) or `https://bucket.host/key`. */
  readonly pathStyle?: boolean | undefined;
  /** The CA of the server's certificate, where it is none that this machine trusts anyway. */
  readonly tls?:
    | {
        /** PEM. */
        readonly rootCertificatePem?: string | undefined;
      }
    | undefined;
  /** Who asks. */
  readonly credentials: S3Credentials;
  /** A folder to remember uploads in, so that interrupted ones go on where the server does not list them. */
  readonly uploadNotes?: string | undefined;
  /** How long things may take, in milliseconds. */
  readonly timing?: Partial<S3Timing> | undefined;
}

/** @throws PROFILE_INVALID naming each field */
export function checkOptions(options: S3Options): S3Options {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return options;
  const facts = { issues: issuesOf(parsed.error) };
  throw sdkError('VT8001', 'The vault is not described well.', { facts });
}
