import { X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { memberError } from '../errors/memberError.js';
import { thereAre } from '../errors/nearest.js';
import { readUserFile } from '../home/userInput.js';
import { hostAndPortOf } from './addresses.js';
import { type Connection, readConnection } from './connectionFile.js';
import {
  type CertificateAuthority,
  choosePeer,
  connectionProfileIn,
  type GatewayTls,
  readConnectionProfile,
} from './connectionProfile.js';
import { domainsIn, foldersOf, onlyDomain, requireEntry } from './mspUser.js';

/** The endpoint of a market: an embedded ledger, or a peer of the member's organisation. */
export interface MarketEndpoint {
  /** Gateway, channel and contract. */
  readonly connection: Connection;
  /** Domain of the organisation, if the user named it or it is the only one. */
  readonly organization?: string | undefined;
  /** The MSP id of the organisation. Default: by its domain, `Org1MSP` for `org1.example.com`. */
  readonly mspId?: string | undefined;
  /** How to check the gateway's certificate; absent for plain connections on loopback. */
  readonly tls?: GatewayTls | undefined;
  /** Enrols members of the organisation, if known. */
  readonly certificateAuthority?: CertificateAuthority | undefined;
}

/**
 * Reads a connection file. A network has an endpoint for each organisation.
 * @param named domain of the organisation; default: the only one
 * @throws FILE_MISSING, FILE_INVALID, IDENTITY_MISSING, WRONG_ARGUMENT; NOT_READY for a network without the contract
 */
export function readMarketEndpoint(reference: string, named?: string): MarketEndpoint {
  const connection = readConnection(reference);
  const organization = onlyDomain(connection.organizations, named);
  if ('gateway' in connection) return { ...ofLedger(connection), organization };
  const { organizations, channel, chaincode, registrars } = connection;
  if (chaincode === undefined) {
    throw memberError('VT9204', 'No contract is deployed on this network yet.', {
      facts: { organizations },
      hint: 'Deploy the market’s contract: veritrain network deploy',
    });
  }
  const endpoint = readFabricOrganization({ fabric: organizations, organization, channel, chaincode });
  const isKnown = organization !== undefined && Object.hasOwn(registrars, organization);
  const registrar = isKnown ? registrars[organization] : undefined;
  return {
    ...endpoint,
    connection: { ...endpoint.connection, ...(registrar === undefined ? {} : { registrar }) },
  };
}

function ofLedger(connection: Connection): MarketEndpoint {
  const { tls, ca } = connection;
  if (tls === undefined)
    return { connection, ...(ca === undefined ? {} : { certificateAuthority: { url: ca } }) };
  const rootCertificatePem = readUserFile(tls.rootCertificate, 'root certificate');
  return {
    connection,
    tls: { rootCertificatePem, serverName: tls.serverName },
    ...(ca === undefined ? {} : { certificateAuthority: { url: ca, tlsRootPem: rootCertificatePem } }),
  };
}

/** What `readFabricOrganization` reads. */
export interface FabricOrganizationInput {
  /** Folder that holds `peerOrganizations/`, or a connection profile. */
  readonly fabric: string;
  /** Domain, such as `org1.example.com`. Not needed for a connection profile or a folder of one organisation. */
  readonly organization?: string | undefined;
  /** The peer to connect to, such as `peer0.org1.example.com`. Default: the first. */
  readonly peer?: string | undefined;
  /** `host:port` of that peer, if the connection profile is missing or wrong. */
  readonly gateway?: string | undefined;
  /** The channel's name. */
  readonly channel: string;
  /** The name under which the market's contract is deployed. */
  readonly chaincode: string;
}

/**
 * Reads an organisation as Fabric's networks describe it: by its connection profile, or else by the folders of its peers.
 *
 * @throws FILE_MISSING, FILE_INVALID, IDENTITY_MISSING, WRONG_ARGUMENT
 */
export function readFabricOrganization(input: FabricOrganizationInput): MarketEndpoint {
  const { fabric, channel, chaincode } = input;
  const isFolder = existsSync(fabric) && statSync(fabric).isDirectory();
  const organization = isFolder ? onlyDomain(fabric, input.organization) : input.organization;
  const { gateway, ...rest } = isFolder
    ? ofFolder({ ...input, organization })
    : readConnectionProfile(fabric, input.peer);
  const connection = {
    gateway: input.gateway ?? gateway,
    channel,
    chaincode,
    ...(isFolder ? { organizations: fabric } : {}),
    ...(rest.certificateAuthority === undefined ? {} : { ca: rest.certificateAuthority.url }),
  };
  return { connection, organization, ...rest };
}

interface Found extends Omit<MarketEndpoint, 'connection'> {
  readonly gateway: string;
}

function ofFolder(input: FabricOrganizationInput): Found {
  const { fabric, organization, peer, gateway } = input;
  const organizations = join(fabric, 'peerOrganizations');
  const known = domainsIn(fabric);
  if (organization === undefined) {
    throw memberError('VT9001', `Choose an organisation with --organization; ${thereAre(known)}.`, {
      facts: { lookedIn: organizations },
    });
  }
  requireEntry(organizations, organization, 'organisation', known);
  const folder = join(organizations, organization);
  const profile = connectionProfileIn(folder);
  if (profile !== undefined) return readConnectionProfile(profile, peer);
  if (gateway !== undefined) return ofPeerFolder(join(folder, 'peers'), gateway, peer);
  throw memberError(
    'VT9001',
    `${folder} holds no connection profile, so the address of its peer is unknown.`,
    {
      facts: { lookedIn: folder },
      hint: "Give the peer's address with --gateway host:port.",
    },
  );
}

function ofPeerFolder(peers: string, gateway: string, wanted?: string): Found {
  const peer = choosePeer(foldersOf(peers), wanted, peers);
  const folder = join(peers, peer, 'tls');
  if (!existsSync(folder)) return { gateway };
  const rootCertificatePem = readUserFile(join(folder, 'ca.crt'), 'TLS root certificate');
  return { gateway, tls: { rootCertificatePem, serverName: serverNameOf(folder, gateway, peer) } };
}

/** The peer's own name if its certificate lacks the host's. TLS takes no IP address for a server name. */
function serverNameOf(tlsFolder: string, gateway: string, peer: string): string | undefined {
  const { host } = hostAndPortOf(gateway);
  const certificate = join(tlsFolder, 'server.crt');
  const isNamed =
    isIP(host) === 0 &&
    (!existsSync(certificate) ||
      new X509Certificate(readUserFile(certificate, 'TLS certificate')).checkHost(host) !== undefined);
  return isNamed ? undefined : peer;
}
