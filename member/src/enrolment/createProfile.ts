import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Profile, writeProfile } from '@veritrain/client-sdk';
import { checkIdentity } from '@veritrain/client-sdk/fabric';
import { createKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { memberError } from '../errors/memberError.js';
import { MemberHome } from '../home/memberHome.js';
import { writeAtomically } from '../home/ownFiles.js';
import type { Connection } from './connectionFile.js';
import { authorityInProfile, type CertificateAuthority, type GatewayTls } from './connectionProfile.js';
import type { Credentials } from './mspUser.js';
import { organizationsIn, organizationsInProfile } from './pinnedOrganizations.js';

/** What `createProfile` puts into a profile. */
export interface CreateProfileInput {
  /** Lower-case letters, digits and dashes. */
  name: string;
  /** The profile's folder. */
  folder: string;
  /** The profile pins the organisations in its organisations folder. */
  connection: Pick<Connection, 'gateway' | 'channel' | 'chaincode' | 'organizations'>;
  /** How to check the gateway's certificate; absent for plain connections on loopback. */
  tls?: GatewayTls | undefined;
  /** The member's certificate and key. */
  credentials: Credentials;
  /** Renews the certificate, if known. */
  certificateAuthority?: CertificateAuthority | undefined;
  /** Folder of the market's vault. */
  vault: string;
  /** Opens the keyring. Default: a new key file beside it. */
  passphrase?: string | undefined;
  /** Derives all secrets of this member, the same for every ledger. For the demo and tests only. */
  seed?: string | undefined;
}

/**
 * Makes the folder of a member: profile, certificate, key, keyring. Sends nothing.
 * @throws FILE_EXISTS; VeritrainError IDENTITY_INVALID
 */
export async function createProfile(input: CreateProfileInput): Promise<MemberHome> {
  const home = new MemberHome(resolve(input.folder));
  if (existsSync(home.profilePath)) {
    throw memberError('VT9005', `There is already a profile in ${home.folder}.`, {
      facts: { folder: home.folder },
      hint: 'Choose another name. A profile is never overwritten: it holds keys that cannot be made again.',
    });
  }
  checkIdentity(input.credentials);
  mkdirSync(home.folder, { recursive: true, mode: 0o700 });
  writeAtomically(home.certificatePath, input.credentials.certificatePem, 0o644);
  writeAtomically(home.keyPath, input.credentials.privateKeyPem);
  await makeKeyring(home, input);
  await writeProfile(home.profilePath, profileOf(input));
  return home;
}

const keyFileName = 'keyring.key';

async function makeKeyring(home: MemberHome, { passphrase, seed }: CreateProfileInput): Promise<void> {
  // Left by an interrupted call. Nobody knows its keys yet, but no keyring is ever overwritten.
  if (existsSync(home.keyringPath)) return;
  const lock = passphrase === undefined ? { keyFile: join(home.folder, keyFileName) } : { passphrase };
  await createKeyring({ path: home.keyringPath, ...lock }, seed);
}

function profileOf(input: CreateProfileInput): Profile {
  const { name, connection, tls, credentials, certificateAuthority, vault, passphrase, seed } = input;
  const pinned = connection.organizations === undefined ? [] : organizationsIn(connection.organizations);
  return {
    schemaVersion: 1,
    name,
    gateway: {
      address: connection.gateway,
      ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    },
    channel: connection.channel,
    ...(seed === undefined ? {} : { genesis: digestOf(Buffer.from(seed)) }),
    chaincode: connection.chaincode,
    mspId: credentials.mspId,
    ...(pinned.length === 0 ? {} : { organizations: organizationsInProfile(pinned) }),
    ...(certificateAuthority === undefined ? {} : authorityInProfile(certificateAuthority)),
    certificate: { path: 'certificate.pem' },
    privateKey: { path: 'key.pem' },
    keyring: { path: 'keyring.json', ...(passphrase === undefined ? { keyFile: keyFileName } : {}) },
    vault: { kind: 'filesystem', path: resolve(vault) },
    home: 'state',
  };
}

const tlsOf = ({ rootCertificatePem, serverName }: GatewayTls): Profile['gateway']['tls'] => ({
  rootCertificate: { pem: rootCertificatePem },
  ...(serverName === undefined ? {} : { serverName }),
});
