import { dirname, resolve } from 'node:path';
import { digest } from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { issuesOf } from '../errors/issues.js';
import { sdkError } from '../errors/veritrainError.js';
import type { PinnedOrganization } from '../ledger/pinnedOrganizations.js';
import { readText, writeFileAtomic } from '../storage/files.js';
import { type PemOrPath, pemOrPath } from './pem.js';
import { userPath } from './userPath.js';
import { type LoadedVault, resolveVault, vaultSchema } from './vault.js';

const pinnedOrganization = z.strictObject({
  /** Its MSP id. */
  mspId: z.string().min(1),
  /** Root and intermediate certificates that its peers' certificates are issued by. */
  rootCertificates: z.array(pemOrPath).min(1),
  /** The organisational unit of its peers (`peer`), where its certificates tell roles. */
  peerUnit: z.string().min(1).optional(),
});

/** One member's way into one market. Relative paths start at the profile's folder, `~/` is the home folder. */
export const profileSchema = z.strictObject({
  /** Always 1. */
  schemaVersion: z.literal(1),
  /** The name of the profile: 1 to 63 of a-z, 0-9 and -. */
  name: z.string().regex(/^[0-9a-z][0-9a-z-]{0,62}$/),
  /** The gateway of a peer, or an embedded ledger. */
  gateway: z.strictObject({
    /** `host:port`; an IPv6 address stands in brackets. */
    address: z
      .string()
      .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, 'must look like localhost:7051 or [::1]:7051'),
    /** Absent for plain connections on loopback. */
    tls: z
      .strictObject({
        /** The certificate that the gateway's is issued by. */
        rootCertificate: pemOrPath,
        /** The name in the gateway's certificate, where it is not the host of the address. */
        serverName: z.string().min(1).optional(),
      })
      .optional(),
  }),
  /** The channel of the market. */
  channel: z.string().min(1),
  /**
   * Digest of the channel's first block, for which this member's secrets are derived. Without it the ledger that the
   * profile meets first is pinned in its home.
   */
  genesis: digest.optional(),
  /** The name of the market's chaincode. */
  chaincode: z.string().min(1),
  /** The MSP id of the member's organisation. */
  mspId: z.string().min(1),
  /** The Fabric CA that certifies this member, and again when its certificate is about to end. */
  certificateAuthority: z
    .strictObject({
      /** Such as `https://ca.example.com:7054`. */
      url: z.url({ protocol: /^https?$/, error: 'must look like https://ca.example.com:7054' }),
      /** Where one address stands for several CAs. */
      name: z.string().min(1).optional(),
      /** The certificate that the CA’s TLS certificate is issued by. */
      tlsRootCertificate: pemOrPath.optional(),
    })
    .optional(),
  /** The channel's organisations as this member knows them, whatever a gateway says; see `evaluateEndorsed`. */
  organizations: z
    .array(pinnedOrganization)
    .min(1)
    .max(100)
    .refine(
      (list) => new Set(list.map(({ mspId }) => mspId)).size === list.length,
      'pins an organisation twice',
    )
    .optional(),
  /** The member's certificate. */
  certificate: pemOrPath,
  /** The certificate's private key, P-256 or P-384. */
  privateKey: pemOrPath,
  /** The member's keyring. */
  keyring: z.strictObject({
    /** The path of its file. */
    path: z.string().min(1),
    /** The path of the file with its key; absent where a passphrase locks it. */
    keyFile: z.string().min(1).optional(),
  }),
  /** The vault of the market. */
  vault: vaultSchema,
  /** The id that the member registered with, or will. */
  participantId: z.string().min(1).optional(),
  /** The roles that the member registered with, or will. */
  roles: z.array(z.string().min(1)).optional(),
  /** Folder of checkpoints and other state that survives a restart. */
  home: z.string().min(1),
});

/** A profile as it is written in its file. */
export interface Profile extends z.infer<typeof profileSchema> {}

/** A profile with absolute paths, and its PEM files read. */
export interface LoadedProfile extends Omit<
  Profile,
  'certificate' | 'privateKey' | 'gateway' | 'vault' | 'certificateAuthority' | 'organizations'
> {
  /** The gateway of a peer, or an embedded ledger. */
  readonly gateway: {
    /** `host:port`; an IPv6 address stands in brackets. */
    readonly address: string;
    /** Absent for plain connections on loopback. */
    readonly tls?: {
      /** The certificate that the gateway's is issued by, PEM. */
      readonly rootCertificatePem: string;
      /** The name in the gateway's certificate, where it is not the host of the address. */
      readonly serverName?: string | undefined;
    };
  };
  /** The Fabric CA that certifies this member. */
  readonly certificateAuthority?: {
    /** Such as `https://ca.example.com:7054`. */
    readonly url: string;
    /** Where one address stands for several CAs. */
    readonly name?: string | undefined;
    /** The certificate that the CA’s TLS certificate is issued by, PEM. */
    readonly tlsRootPem?: string | undefined;
  };
  /** The channel's organisations as this member knows them, whatever a gateway says. */
  readonly organizations?: readonly PinnedOrganization[] | undefined;
  /** The member's certificate, PEM. */
  readonly certificatePem: string;
  /** The certificate's private key, PEM. */
  readonly privateKeyPem: string;
  /** The vault of the market. */
  readonly vault: LoadedVault;
}

/**
 * Reads a profile file, resolves its paths and reads its certificate and key; of a vault in an S3, what it leaves out
 * comes from `VERITRAIN_S3_*`.
 *
 * @throws FILE_UNREADABLE, FILE_IRREGULAR, FILE_TOO_LARGE, PROFILE_INVALID naming each field.
 */
export function loadProfile(path: string): LoadedProfile {
  const text = readText(resolve(path), 'profile');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw sdkError('VT8001', `The profile ${path} is no JSON.`, { facts: { path }, cause });
  }
  return resolveProfile(json, dirname(resolve(path)));
}

/** The same for a profile that is not in a file; relative paths start at `folder`. */
export function resolveProfile(profile: unknown, folder = process.cwd()): LoadedProfile {
  const {
    gateway,
    certificateAuthority,
    organizations,
    certificate,
    privateKey,
    keyring,
    vault,
    home,
    ...rest
  } = parseProfile(profile);
  const at = (path: string): string => resolve(folder, userPath(path));
  const text = (source: PemOrPath, purpose: string): string =>
    'pem' in source ? source.pem : readText(at(source.path), purpose);
  return {
    ...rest,
    gateway: resolveGateway(gateway, text),
    ...(certificateAuthority === undefined
      ? {}
      : { certificateAuthority: resolveAuthority(certificateAuthority, text) }),
    ...(organizations === undefined
      ? {}
      : { organizations: organizations.map((each) => pinned(each, text)) }),
    certificatePem: text(certificate, 'certificate'),
    privateKeyPem: text(privateKey, 'private key'),
    keyring: {
      path: at(keyring.path),
      ...(keyring.keyFile === undefined ? {} : { keyFile: at(keyring.keyFile) }),
    },
    vault: resolveVault(vault, { at, text }),
    home: at(home),
  };
}

/** Checks a profile and writes it, atomically. @throws PROFILE_INVALID */
export async function writeProfile(path: string, profile: Profile): Promise<void> {
  await writeFileAtomic(resolve(path), Buffer.from(`${JSON.stringify(parseProfile(profile), null, 2)}\n`));
}

function resolveGateway(
  { address, tls }: Profile['gateway'],
  text: (source: PemOrPath, purpose: string) => string,
): LoadedProfile['gateway'] {
  if (tls === undefined) return { address };
  const rootCertificatePem = text(tls.rootCertificate, 'TLS root certificate');
  return { address, tls: { rootCertificatePem, serverName: tls.serverName } };
}

function resolveAuthority(
  { url, name, tlsRootCertificate }: NonNullable<Profile['certificateAuthority']>,
  text: (source: PemOrPath, purpose: string) => string,
): NonNullable<LoadedProfile['certificateAuthority']> {
  return {
    url,
    ...(name === undefined ? {} : { name }),
    ...(tlsRootCertificate === undefined
      ? {}
      : { tlsRootPem: text(tlsRootCertificate, 'TLS root certificate of the CA') }),
  };
}

const pinned = (
  { mspId, rootCertificates, peerUnit }: z.infer<typeof pinnedOrganization>,
  text: (source: PemOrPath, purpose: string) => string,
): PinnedOrganization => ({
  mspId,
  rootCertificatesPem: rootCertificates.map((each) => text(each, `root certificate of ${mspId}`)),
  peerUnit,
});

function parseProfile(profile: unknown): Profile {
  const parsed = profileSchema.safeParse(profile);
  if (parsed.success) return parsed.data;
  const facts = { issues: issuesOf(parsed.error) };
  throw sdkError('VT8001', 'The profile does not follow its schema.', { facts, cause: parsed.error });
}
