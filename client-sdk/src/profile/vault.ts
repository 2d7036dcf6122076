import { z } from 'zod';
import { namedCredentials, s3Bucket, s3Endpoint, s3Region, type S3Options } from '../vault/s3/options.js';
import { required, s3OptionsFrom } from '../vault/s3/settings.js';
import { type PemOrPath, pemOrPath } from './pem.js';

/** The market's vault. Of an S3, what the profile leaves out comes from `VERITRAIN_S3_*`. */
export const vaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** A folder that all members share. */
    kind: z.literal('filesystem'),
    /** The path of the folder. */
    path: z.string().min(1),
  }),
  z.strictObject({
    /** A bucket of any S3. */
    kind: z.literal('s3'),
    /** `http(s)://host[:port]` */
    endpoint: s3Endpoint.optional(),
    /** The name of the bucket. */
    bucket: s3Bucket.optional(),
    /** The region that requests are signed for. */
    region: s3Region.optional(),
    /** Whether the bucket stands in the path of addresses, not in the host’s name. */
    pathStyle: z.boolean().optional(),
    /** Where the server's certificate is of no well-known CA. */
    tls: z
      .strictObject({
        /** The certificate that it is issued by. */
        rootCertificate: pemOrPath,
      })
      .optional(),
    /** Where the keys of the vault come from. */
    credentials: namedCredentials.optional(),
    /** File with the 32 bytes, in hex, that the market's members share; `veritrain vault use` writes it. */
    key: z
      .strictObject({
        /** The path of the file. */
        path: z.string().min(1),
      })
      .optional(),
    /** The participant id of who runs the vault: only its grants are taken. */
    operator: z.string().min(1).optional(),
  }),
]);

type VaultProfile = z.infer<typeof vaultSchema>;

/** Where a profile's vault is, with absolute paths and its CA's certificate read. */
export type LoadedVault =
  | {
      /** A folder that all members share. */
      readonly kind: 'filesystem';
      /** The path of the folder. */
      readonly path: string;
    }
  | ({
      /** A bucket of any S3. */
      readonly kind: 's3';
      /** The path of the file with the 32 bytes that the market's members share. */
      readonly keyFile: string;
      /** The participant id of who runs the vault. */
      readonly operator?: string | undefined;
    } & S3Options);

/** How a profile's paths are meant. */
export interface PathsOf {
  at(path: string): string;
  text(source: PemOrPath, purpose: string): string;
}

/** @throws PROFILE_INVALID, FILE_UNREADABLE */
export function resolveVault(vault: VaultProfile, { at, text }: PathsOf): LoadedVault {
  if (vault.kind === 'filesystem') return { kind: 'filesystem', path: at(vault.path) };
  const purpose = 'CA certificate of the vault';
  const { tls, credentials, key, operator, ...named } = vault;
  const set = {
    ...named,
    rootCertificatePem: tls === undefined ? undefined : text(tls.rootCertificate, purpose),
    credentials: credentials === undefined ? undefined : credentialsAt(credentials, at),
  };
  const keyFile = required(
    key === undefined ? process.env.VERITRAIN_S3_KEY_FILE : at(key.path),
    'key',
    'KEY_FILE',
  );
  return {
    kind: 's3',
    keyFile,
    operator,
    ...s3OptionsFrom(set, process.env, (path) => text({ path }, purpose)),
  };
}

function credentialsAt(
  credentials: z.infer<typeof namedCredentials>,
  at: PathsOf['at'],
): z.infer<typeof namedCredentials> {
  switch (credentials.kind) {
    case 'environment':
      return credentials;
    case 'file':
      return { ...credentials, path: at(credentials.path) };
    case 'webIdentity':
      return { ...credentials, tokenFile: at(credentials.tokenFile) };
  }
}
