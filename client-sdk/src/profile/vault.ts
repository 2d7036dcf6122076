import { z } from 'zod';
import { namedCredentials, s3Bucket, s3Endpoint, s3Region, type S3Options } from '../vault/s3/options.js';
import { required, s3OptionsFrom } from '../vault/s3/settings.js';
import { type PemOrPath, pemOrPath } from './pem.js';

/** The market's vault. Of an S3, what the profile leaves out comes from `VERITRAIN_S3_*`. */
export const vaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('filesystem'), path: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('s3'),
    endpoint: s3Endpoint.optional(),
    bucket: s3Bucket.optional(),
    region: s3Region.optional(),
    pathStyle: z.boolean().optional(),
    tls: z.strictObject({ rootCertificate: pemOrPath }).optional(),
    credentials: namedCredentials.optional(),
    /** File with the 32 bytes, in hex, that the market's members share; `veritrain vault use` writes it. */
    key: z.strictObject({ path: z.string().min(1) }).optional(),
    /** The participant id of who runs the vault: only its grants are taken. */
    operator: z.string().min(1).optional(),
  }),
]);

type VaultProfile = z.infer<typeof vaultSchema>;

/** Where a profile's vault is, with absolute paths and its CA's certificate read. */
export type LoadedVault =
  | { readonly kind: 'filesystem'; readonly path: string }
  | ({
      readonly kind: 's3';
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
