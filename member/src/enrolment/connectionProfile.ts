import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { VeritrainError } from '@veritrain/client-sdk';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import { hostAndPort, webAddress } from './addresses.js';
import { parseUserJson, readUserFile } from '../home/files.js';
import { didYouMean, thereAre } from '../errors/nearest.js';
import { maxYamlBytes, parseUserYaml } from '../home/yamlFile.js';

/** PEM text, several of them, or a file; paths start at the profile's folder. */
const trustedSchema = z.object({
  pem: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  path: z.string().min(1).optional(),
});
type Trusted = z.infer<typeof trustedSchema>;

const scheme = /^grpcs?:\/\//;

/** What a connection needs of Fabric's common connection profile; the rest is for other clients. */
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

export interface GatewayTls {
  readonly rootCertificatePem: string;
  /** The name in the gateway's certificate, where its address is another. */
  readonly serverName?: string | undefined;
}

export interface CertificateAuthority {
  readonly url: string;
  readonly name?: string | undefined;
  readonly tlsRootPem?: string | undefined;
}

/** A connection profile, boiled down to one organisation and one of its peers. */
export interface ConnectionProfile {
  readonly mspId: string;
  /** `host:port` of the peer. */
  readonly gateway: string;
  readonly tls?: GatewayTls | undefined;
  readonly certificateAuthority?: CertificateAuthority | undefined;
}

/**
 * Reads a connection profile, JSON or YAML, as Fabric's test networks write it and its older SDKs read it.
 * @param peer one of its organisation's peers; default: the first
 * @throws FILE_MISSING, FILE_INVALID, WRONG_ARGUMENT for a peer that it does not have
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

/** The path of the connection profile in an organisation's folder, where Fabric's test networks write one. */
export function connectionProfileIn(folder: string): string | undefined {
  const [name] = readdirSync(folder)
    .filter((each) => profileName.test(each))
    .sort();
  return name === undefined ? undefined : join(folder, name);
}

/** The peer that is wanted, or the first. @throws WRONG_ARGUMENT, naming the ones there are */
export function choosePeer(peers: readonly string[], wanted: string | undefined, path: string): string {
  const name = wanted ?? peers[0];
  if (name !== undefined && peers.includes(name)) return name;
  const reason =
    name === undefined
      ? 'The organisation has no peer to talk to.'
      : `There is no peer ${name}; ${thereAre(peers)}.${didYouMean(name, peers)}`;
  throw memberError('VT9001', reason, { facts: { lookedIn: path } });
}

function defined<T>(entries: Readonly<Record<string, T>>, name: string, what: string, path: string): T {
  // The file chose the name: `toString` is one that every object has.
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
