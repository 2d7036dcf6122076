import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { memberError } from '../errors/memberError.js';
import { didYouMean, thereAre } from '../errors/nearest.js';
import { readUserFile } from '../home/userInput.js';

/** A member's identity on the ledger: its certificate and the key that signs its transactions. */
export interface Credentials {
  /** The MSP id of its organisation. */
  mspId: string;
  /** The certificate, PEM. */
  certificatePem: string;
  /** Its private key, PEM. */
  privateKeyPem: string;
}

/** A user in an organisations folder. */
export interface MspUser {
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: string;
  /** Domain, such as `org1.example.com`. */
  organization: string;
  /** Such as `User1` or `Admin`. */
  user: string;
  /** The MSP id of the organisation. Default: by its domain, `Org1MSP` for `org1.example.com`. */
  mspId?: string | undefined;
}

/**
 * Reads certificate and key of a user in an organisations folder.
 * @throws IDENTITY_MISSING listing the organisations or users
 */
export function readMspUser({ organizations, organization, user, mspId }: MspUser): Credentials {
  const peers = join(organizations, 'peerOrganizations');
  requireEntry(peers, organization, 'organisation', foldersOf(peers));
  const users = join(peers, organization, 'users');
  const known = foldersOf(users).map((name) => name.split('@')[0] ?? name);
  requireEntry(users, `${user}@${organization}`, 'user', known, user);
  const msp = join(users, `${user}@${organization}`, 'msp');
  return {
    mspId: mspId ?? defaultMspId(organization),
    certificatePem: onlyFile(join(msp, 'signcerts')),
    privateKeyPem: onlyFile(join(msp, 'keystore')),
  };
}

/** Domains of the organisations in a folder in cryptogen's layout. */
export const domainsIn = (organizations: string): string[] =>
  foldersOf(join(organizations, 'peerOrganizations'));

/** The named domain, or the only one of the folder; undefined if there are several or none. */
export function onlyDomain(organizations: string | undefined, named?: string): string | undefined {
  if (named !== undefined || organizations === undefined) return named;
  const [only, ...others] = domainsIn(organizations);
  return others.length === 0 ? only : undefined;
}

/** `ca-org3` for `org3.example.com`, as Fabric's test networks name CAs that share an address. */
export const defaultCaName = (organization: string): string =>
  `ca-${organization.split('.')[0] ?? organization}`;

/** The domain in the folder whose default MSP id is the given one, such as `org1.example.com` for `Org1MSP`. */
export const domainOf = (organizations: string | undefined, mspId: string): string | undefined =>
  organizations === undefined
    ? undefined
    : domainsIn(organizations).find((domain) => defaultMspId(domain) === mspId);

/** `Org1MSP` for `org1.example.com`, as cryptogen's samples and Fabric's test networks name it. */
export function defaultMspId(organization: string): string {
  const name = organization.split('.')[0] ?? organization;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}MSP`;
}

export function requireEntry(
  folder: string,
  entry: string,
  what: string,
  known: string[],
  shown = entry,
): void {
  if (existsSync(join(folder, entry))) return;
  throw memberError(
    'VT9104',
    `There is no ${what} ${shown}; ${thereAre(known)}.${didYouMean(shown, known)}`,
    { facts: { lookedIn: folder } },
  );
}

export function foldersOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function onlyFile(folder: string): string {
  const [name] = existsSync(folder) ? readdirSync(folder) : [];
  if (name === undefined) throw memberError('VT9104', `The folder ${folder} holds no file.`);
  return readUserFile(join(folder, name), 'credentials file');
}
