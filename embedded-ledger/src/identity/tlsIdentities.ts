import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssuedIdentity } from './certificates.js';
import { exists, writeIdentityFile } from './identityFiles.js';

/** The certificate and key of one end of a TLS connection, and the root by which the other end verifies it. */
export interface TlsIdentity extends IssuedIdentity {
  readonly rootPem: string;
}

/** An organisation's TLS identities that its node uses. */
export interface TlsIdentities {
  /** File with the root certificate of the organisation's TLS authority. */
  readonly rootFile: string;
  readonly rootPem: string;
  readonly node: TlsIdentity;
}

/** cryptogen's paths below an organisation's folder. The chaincode's path is this ledger's own. */
interface TlsPaths {
  readonly home: string;
  readonly domain: string;
  readonly nodeFolder: string;
}

export interface TlsRequest extends TlsPaths {
  readonly nodeHost: string;
  readonly users: readonly string[];
  /** Names and addresses of this machine that clients use for servers. */
  readonly localNames: readonly string[];
}

/** Creates a TLS authority and its certificates for the node, its chaincode and the users. @returns the root */
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

/** Undefined for a folder without TLS authorities, from an older version. */
export async function readTlsIdentities(paths: TlsPaths): Promise<TlsIdentities | undefined> {
  const rootFile = rootFileOf(paths);
  if (!(await exists(rootFile))) return undefined;
  const rootPem = await readFile(rootFile, 'utf8');
  const at = join(paths.nodeFolder, 'tls');
  const node = {
    rootPem,
    certificatePem: await readFile(join(at, 'server.crt'), 'utf8'),
    privateKeyPem: await readFile(join(at, 'server.key'), 'utf8'),
  };
  return { rootFile, rootPem, node };
}

function rootFileOf({ home, domain }: TlsPaths): string {
  return join(home, 'tlsca', `tlsca.${domain}-cert.pem`);
}

/** For a chaincode server that somebody runs apart from the ledger. */
function chaincodeFolderOf({ home }: TlsPaths): string {
  return join(home, 'chaincode', 'tls');
}
