import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedIdentity } from './certificates.js';
import { exists, writeIdentityFile } from './identityFiles.js';

/** What one end of a TLS connection shows, and the root by which the other end knows it. */
export interface TlsIdentity extends IssuedIdentity {
  readonly rootPem: string;
}

/** An organisation's means to speak TLS: as a node, and as its chaincode. */
export interface TlsIdentities {
  /** File with the root certificate of the organisation's TLS authority. */
  readonly rootFile: string;
  readonly rootPem: string;
  readonly node: TlsIdentity;
  /** Folder with `ca.crt`, `server.crt` and `server.key` of the organisation's chaincode server. */
  readonly chaincodeFolder: string;
}

/** Where cryptogen keeps them below an organisation's folder; the chaincode's place is this ledger's own. */
interface Places {
  readonly home: string;
  readonly domain: string;
  readonly nodeFolder: string;
}

export interface TlsRequest extends Places {
  readonly nodeHost: string;
  readonly users: readonly string[];
  /** Names and addresses of this machine by which servers are called. */
  readonly localNames: readonly string[];
}

/** Makes a TLS authority and what it signs: for the node, its chaincode and the users. @returns the root */
export async function createTlsIdentities(request: TlsRequest): Promise<string> {
  const { CertificateIssuer, createAuthority } = await import('./certificates.js');
  const { home, domain, nodeFolder, nodeHost, users, localNames } = request;
  const authority = await createAuthority(`tlsca.${domain}`, domain);
  const issuer = await CertificateIssuer.open(authority);
  const issue = async (commonName: string, folder: string, end: string, hosts: readonly string[]) => {
    const issued = await issuer.issueWithNewKey({ commonName, organizationalUnits: [], hosts, forTls: true });
    await writeIdentityFile(join(folder, 'ca.crt'), authority.certificatePem);
    await writeIdentityFile(join(folder, `${end}.crt`), issued.certificatePem);
    await writeIdentityFile(join(folder, `${end}.key`), issued.privateKeyPem, 0o600);
  };
  await writeIdentityFile(rootFileOf(request), authority.certificatePem);
  await writeIdentityFile(join(home, 'tlsca', 'priv_sk'), authority.privateKeyPem, 0o600);
  await issue(nodeHost, join(nodeFolder, 'tls'), 'server', [nodeHost, ...localNames]);
  await issue(`chaincode.${domain}`, chaincodeFolderOf(request), 'server', localNames);
  for (const user of users) await issue(user, join(home, 'users', user, 'tls'), 'client', []);
  return authority.certificatePem;
}

/** Undefined for a folder of before organisations had TLS authorities. */
export async function readTlsIdentities(places: Places): Promise<TlsIdentities | undefined> {
  const rootFile = rootFileOf(places);
  if (!(await exists(rootFile))) return undefined;
  const rootPem = await readFile(rootFile, 'utf8');
  const at = join(places.nodeFolder, 'tls');
  const node = {
    rootPem,
    certificatePem: await readFile(join(at, 'server.crt'), 'utf8'),
    privateKeyPem: await readFile(join(at, 'server.key'), 'utf8'),
  };
  return { rootFile, rootPem, node, chaincodeFolder: chaincodeFolderOf(places) };
}

function rootFileOf({ home, domain }: Places): string {
  return join(home, 'tlsca', `tlsca.${domain}-cert.pem`);
}

function chaincodeFolderOf({ home }: Places): string {
  return join(home, 'chaincode', 'tls');
}
