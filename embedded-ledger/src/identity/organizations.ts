import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../files.js';
import type { IssuedIdentity } from './certificates.js';
import { exists, writeIdentityFile } from './identityFiles.js';
import type { TlsIdentities } from './tlsIdentities.js';
import { createTlsIdentities, readTlsIdentities } from './tlsIdentities.js';

const DOMAIN = 'example.com';

/** One organisation of the network: its root and the identities that the ledger itself uses. */
export interface Organization {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  /** host:port of its node in errors and in the config block. */
  readonly nodeAddress: string;
  readonly authority: IssuedIdentity;
  /** The peer of an organisation, or the orderer of the orderer organisation. */
  readonly node: IssuedIdentity;
  /** Undefined for an organisation from a folder without TLS identities. */
  readonly tls: TlsIdentities | undefined;
}

export interface Network {
  readonly peers: readonly Organization[];
  readonly orderer: Organization;
}

interface Blueprint {
  readonly kind: 'peer' | 'orderer';
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  readonly nodeHost: string;
  readonly nodePort: number;
}

/**
 * Reads the identities of a network from `folder`, or creates them in the layout of Fabric's cryptogen:
 * `peerOrganizations/org1.example.com/{ca,tlsca,msp,peers,users}`, `ordererOrganizations/example.com/…`.
 * @param host the address that servers listen on; new TLS certificates name it
 */
export async function readOrCreateNetwork(
  folder: string,
  organizations: number,
  host: string,
): Promise<Network> {
  const plans = blueprints(organizations);
  const localNames = [...new Set(['localhost', '127.0.0.1', host])];
  if (!(await exists(join(folder, 'peerOrganizations')))) await createNetwork(folder, plans, localNames);
  const all = await Promise.all(plans.map((plan) => readOrganization(folder, plan)));
  const orderer = all.at(-1);
  if (orderer === undefined) throw new RangeError('a network has at least its orderer');
  return { peers: all.slice(0, -1), orderer };
}

/** MSP id of the organisation with this index. */
export function mspIdOf(index: number): string {
  return `Org${String(index + 1)}MSP`;
}

function blueprints(organizations: number): Blueprint[] {
  const peers = Array.from({ length: organizations }, (_, index): Blueprint => {
    const name = `org${String(index + 1)}`;
    const domain = `${name}.${DOMAIN}`;
    const mspId = mspIdOf(index);
    return { kind: 'peer', mspId, name, domain, nodeHost: `peer0.${domain}`, nodePort: 7051 };
  });
  const nodeHost = `orderer.${DOMAIN}`;
  return [
    ...peers,
    { kind: 'orderer', mspId: 'OrdererMSP', name: 'orderer', domain: DOMAIN, nodeHost, nodePort: 7050 },
  ];
}

/** Written under a temporary name and renamed, so a kill leaves no half-written network. */
async function createNetwork(
  folder: string,
  plans: readonly Blueprint[],
  localNames: readonly string[],
): Promise<void> {
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await Promise.all(plans.map((plan) => createOrganization(temporary, plan, localNames)));
  await rename(temporary, folder);
  await syncFolder(join(folder, '..'));
}

async function createOrganization(
  folder: string,
  plan: Blueprint,
  localNames: readonly string[],
): Promise<void> {
  const { CertificateIssuer, createAuthority } = await import('./certificates.js');
  const { domain, nodeHost } = plan;
  const { home, nodeFolder } = pathsOf(folder, plan);
  const authority = await createAuthority(`ca.${domain}`, domain);
  const issuer = await CertificateIssuer.open(authority);
  const issue = (commonName: string, unit: string, hosts: readonly string[] = []): Promise<IssuedIdentity> =>
    issuer.issueWithNewKey({ commonName, organizationalUnits: [unit], hosts });
  const users = (plan.kind === 'peer' ? ['Admin', 'User1'] : ['Admin']).map((user) => `${user}@${domain}`);
  const tlsRoot = await createTlsIdentities({ home, nodeFolder, domain, nodeHost, users, localNames });
  const roots = { domain, authority, tlsRoot };

  await writeIdentityFile(join(home, 'ca', `ca.${domain}-cert.pem`), authority.certificatePem);
  await writeIdentityFile(join(home, 'ca', 'priv_sk'), authority.privateKeyPem, 0o600);
  await writeMspFolder(join(home, 'msp'), roots);
  const node = await issue(nodeHost, plan.kind, [nodeHost, 'localhost']);
  await writeMspFolder(join(nodeFolder, 'msp'), roots, nodeHost, node);
  for (const name of users) {
    const identity = await issue(name, name.startsWith('Admin@') ? 'admin' : 'client');
    await writeMspFolder(join(home, 'users', name, 'msp'), roots, name, identity);
  }
}

function pathsOf(folder: string, plan: Blueprint): { home: string; nodeFolder: string } {
  const home = join(folder, `${plan.kind}Organizations`, plan.domain);
  return { home, nodeFolder: join(home, `${plan.kind}s`, plan.nodeHost) };
}

interface Roots {
  readonly domain: string;
  readonly authority: IssuedIdentity;
  readonly tlsRoot: string;
}

async function writeMspFolder(
  folder: string,
  { domain, authority, tlsRoot }: Roots,
  name?: string,
  identity?: IssuedIdentity,
): Promise<void> {
  const authorityFile = `ca.${domain}-cert.pem`;
  await writeIdentityFile(join(folder, 'cacerts', authorityFile), authority.certificatePem);
  await writeIdentityFile(join(folder, 'tlscacerts', `tlsca.${domain}-cert.pem`), tlsRoot);
  await writeIdentityFile(join(folder, 'config.yaml'), nodeUnits(`cacerts/${authorityFile}`));
  if (name === undefined || identity === undefined) return;
  await writeIdentityFile(join(folder, 'signcerts', `${name}-cert.pem`), identity.certificatePem);
  await writeIdentityFile(join(folder, 'keystore', 'priv_sk'), identity.privateKeyPem, 0o600);
}

/** cryptogen's config.yaml: the organizational unit of a certificate names its holder's role. */
function nodeUnits(certificate: string): string {
  const unit = (role: string): string =>
    `  ${role}OUIdentifier:\n    Certificate: ${certificate}\n    OrganizationalUnitIdentifier: ${role.toLowerCase()}\n`;
  return `NodeOUs:\n  Enable: true\n${['Client', 'Peer', 'Admin', 'Orderer'].map(unit).join('')}`;
}

async function readOrganization(folder: string, plan: Blueprint): Promise<Organization> {
  const { home, nodeFolder } = pathsOf(folder, plan);
  const msp = join(nodeFolder, 'msp');
  const read = (path: string): Promise<string> => readFile(path, 'utf8');
  return {
    mspId: plan.mspId,
    name: plan.name,
    domain: plan.domain,
    nodeAddress: `${plan.nodeHost}:${String(plan.nodePort)}`,
    authority: {
      certificatePem: await read(join(home, 'ca', `ca.${plan.domain}-cert.pem`)),
      privateKeyPem: await read(join(home, 'ca', 'priv_sk')),
    },
    node: {
      certificatePem: await read(join(msp, 'signcerts', `${plan.nodeHost}-cert.pem`)),
      privateKeyPem: await read(join(msp, 'keystore', 'priv_sk')),
    },
    tls: await readTlsIdentities({ home, nodeFolder, domain: plan.domain }),
  };
}
