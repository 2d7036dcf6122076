import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Profile, VeritrainError } from '@veritrain/client-sdk';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import { didYouMean, thereAre } from '../errors/nearest.js';
import { parseUserJson, readUserFile } from '../home/userInput.js';
import { maxYamlBytes, parseUserYaml } from '../home/yamlFile.js';
import { hostAndPort, webAddress } from './addresses.js';

/** One or several PEM texts, or a file; relative paths start at the profile's folder. */
const trustedSchema = z.object({
  pem: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  path: z.string().min(1).optional(),
});
type Trusted = z.infer<typeof trustedSchema>;

const scheme = /^grpcs?:\/\//;

/** The part of Fabric's common connection profile that a connection needs. */
const connectionProfileSchema = z.object({
  client: z.object({ organization: z.string() }),
  organizations: z.record(
    z.string(),
    z.object({
      mspid: z.string().min(1),
      peers: z.array(z.string()).default([]),
      certificateAuthorities: z.array(z.string()).default([]),
    }),
  ),
  peers: z.record(
    z.string(),
    z.object({
      url: z
        .string()
        .refine(
          (url) => /^grpcs?:/.test(url) && hostAndPort.safeParse(url.replace(scheme, '')).success,
          'must look like grpcs://localhost:7051',
        ),
      tlsCACerts: trustedSchema.optional(),
      grpcOptions: z
        .object({
          'ssl-target-name-override': z.string().min(1).optional(),
          hostnameOverride: z.string().min(1).optional(),
        })
        .default({}),
    }),
  ),
  certificateAuthorities: z
    .record(
      z.string(),
      z.object({
        url: webAddress,
        caName: z.string().min(1).optional(),
        tlsCACerts: trustedSchema.optional(),
      }),
    )
    .default({}),
});

/** How to check the TLS certificate of a gateway. */
export interface GatewayTls {
  /** The certificates that the gateway's is issued by, PEM. */
  readonly rootCertificatePem: string;
  /** The name in the gateway's certificate, if it differs from the address. */
  readonly serverName?: string | undefined;
}

/** A Fabric CA that certifies members of one organisation. */
export interface CertificateAuthority {
  /** Its base address, such as `https://localhost:7054`. */
  readonly url: string;
  /** Its `caname`, if several CAs share the address. Default: the address's only CA. */
  readonly name?: string | undefined;
  /** The certificate that its TLS certificate is issued by, PEM. Default: the roots that Node trusts. */
  readonly tlsRootPem?: string | undefined;
}

/** A CA as a Veritrain profile stores it. */
export const authorityInProfile = ({
  url,
  name,
  tlsRootPem,
}: CertificateAuthority): Pick<Profile, 'certificateAuthority'> => ({
  certificateAuthority: {
    url,
    ...(name === undefined ? {} : { name }),
    ...(tlsRootPem === undefined ? {} : { tlsRootCertificate: { pem: tlsRootPem } }),
  },
});

/** The part of a connection profile about one organisation and one of its peers. */
interface ConnectionProfile {
  readonly mspId: string;
  /** `host:port` of the peer. */
  readonly gateway: string;
  readonly tls?: GatewayTls | undefined;
  readonly certificateAuthority?: CertificateAuthority | undefined;
}

/**
 * Reads a connection profile (JSON or YAML) of Fabric's test networks and older SDKs.
 * @param peer one of the organisation's peers; default: the first
 * @throws FILE_MISSING, FILE_INVALID, WRONG_ARGUMENT for an unknown peer
 */
export function readConnectionProfile(path: string, peer?: string): ConnectionProfile {
  const what = 'connection profile';
  const isYaml = /\.ya?ml$/.test(path);
  const text = readUserFile(path, what, isYaml ? maxYamlBytes : undefined);
  const profile = (isYaml ? parseUserYaml : parseUserJson)(text, connectionProfileSchema, path, what);
  const organization = defined(profile.organizations, profile.client.organization, 'organisation', path);
  const name = choosePeer(organization.peers, peer, path);
  const { url, tlsCACerts, grpcOptions } = defined(profile.peers, name, 'peer', path);
  const root = pemOf(tlsCACerts, path);
  if (url.startsWith('grpcs:') && root === undefined) {
    throw invalid(path, `The connection profile ${path} gives no TLS root for the peer ${name}.`);
  }
  const [authority] = organization.certificateAuthorities;
  return {
    mspId: organization.mspid,
    gateway: url.replace(scheme, ''),
    ...(url.startsWith('grpcs:') && root !== undefined
      ? {
          tls: {
            rootCertificatePem: root,
            serverName: grpcOptions['ssl-target-name-override'] ?? grpcOptions.hostnameOverride,
          },
        }
      : {}),
    ...(authority === undefined ? {} : { certificateAuthority: authorityOf(profile, authority, path) }),
  };
}

function authorityOf(
  { certificateAuthorities }: z.infer<typeof connectionProfileSchema>,
  authority: string,
  path: string,
): CertificateAuthority {
  const { url, caName, tlsCACerts } = defined(
    certificateAuthorities,
    authority,
    'certificate authority',
    path,
  );
  return { url, name: caName, tlsRootPem: pemOf(tlsCACerts, path) };
}

const profileName = /^connection-.+\.(json|ya?ml)$/;

/** The path of the connection profile that Fabric's test networks write into an organisation's folder, if there is one. */
export function connectionProfileIn(folder: string): string | undefined {
  const [name] = readdirSync(folder)
    .filter((each) => profileName.test(each))
    .sort();
  return name === undefined ? undefined : join(folder, name);
}

/** The wanted peer, or the first. @throws WRONG_ARGUMENT listing the peers */
export function choosePeer(peers: readonly string[], wanted: string | undefined, path: string): string {
  const name = wanted ?? peers[0];
  if (name !== undefined && peers.includes(name)) return name;
  const reason =
    name === undefined
      ? 'The organisation has no peer.'
      : `There is no peer ${name}; ${thereAre(peers)}.${didYouMean(name, peers)}`;
  throw memberError('VT9001', reason, { facts: { lookedIn: path } });
}

function defined<T>(entries: Readonly<Record<string, T>>, name: string, what: string, path: string): T {
  // The file chooses the name: `toString` would be found in every object.
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry !== undefined) return entry;
  throw invalid(path, `The connection profile ${path} names the ${what} ${name} and does not describe it.`);
}

const invalid = (path: string, reason: string): VeritrainError =>
  memberError('VT9004', reason, { facts: { path } });

function pemOf(trusted: Trusted | undefined, path: string): string | undefined {
  if (trusted?.pem !== undefined) return [trusted.pem].flat().join('\n');
  if (trusted?.path === undefined) return undefined;
  return readUserFile(resolve(dirname(path), trusted.path), 'TLS root certificate');
}
