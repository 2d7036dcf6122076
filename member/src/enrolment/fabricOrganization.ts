import { X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { memberError } from '../errors/memberError.js';
import { hostAndPortOf } from './addresses.js';
import { choosePeer, connectionProfileIn, readConnectionProfile } from './connectionProfile.js';
import { readUserFile } from '../home/files.js';
import type { MarketWay } from './marketWay.js';
import { domainsIn, foldersOf, onlyDomain, requireEntry } from './mspUser.js';
import { thereAre } from '../errors/nearest.js';

export interface FabricOrganizationInput {
  /** Folder that holds `peerOrganizations/`, or a connection profile. */
  readonly fabric: string;
  /** Domain, such as `org1.example.com`; a connection profile does without, and so does a folder of only one. */
  readonly organization?: string | undefined;
  /** Of its peers the one to talk to, such as `peer0.org1.example.com`. Default: the first. */
  readonly peer?: string | undefined;
  /** `host:port` of that peer, where no connection profile says it, or says it wrong. */
  readonly gateway?: string | undefined;
  readonly channel: string;
  readonly chaincode: string;
}

/**
 * Reads what Fabric's networks write of an organisation: its connection profile, or where there is none the folders of
 * its peers.
 *
 * @throws FILE_MISSING, FILE_INVALID, IDENTITY_MISSING, WRONG_ARGUMENT
 */
export function readFabricOrganization(input: FabricOrganizationInput): MarketWay {
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

interface Found extends Omit<MarketWay, 'connection'> {
  readonly gateway: string;
}

function ofFolder(input: FabricOrganizationInput): Found {
  const { fabric, organization, peer, gateway } = input;
  const organizations = join(fabric, 'peerOrganizations');
  const known = domainsIn(fabric);
  if (organization === undefined) {
    throw memberError('VT9001', `Say which organisation: --organization; ${thereAre(known)}.`, {
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
    `${folder} holds no connection profile, so the address of its peer is not known.`,
    {
      facts: { lookedIn: folder },
      hint: "Give it with --gateway host:port, such as the peer's listen address.",
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

/** The peer's own name where its certificate does not have the host's; TLS takes no IP address for a server name. */
function serverNameOf(tlsFolder: string, gateway: string, peer: string): string | undefined {
  const { host } = hostAndPortOf(gateway);
  const certificate = join(tlsFolder, 'server.crt');
  const isNamed =
    isIP(host) === 0 &&
    (!existsSync(certificate) ||
      new X509Certificate(readUserFile(certificate, 'TLS certificate')).checkHost(host) !== undefined);
  return isNamed ? undefined : peer;
}
