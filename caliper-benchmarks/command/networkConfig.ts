import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LedgerIdentity } from '@veritrain/client-sdk/fabric';
import {
  preparedMarketFile,
  type PreparedMarket,
  type PreparedNetwork,
} from '../workloads/preparedMarket.js';
import type { Organization } from './organizations.js';

/** A member's certificate and key, with its name in the configuration. */
export interface EnrolledIdentity extends LedgerIdentity {
  readonly name: string;
}

/**
 * Writes Caliper's network configuration (JSON, which is YAML), the connection profile of each organisation, the
 * identities, and a file with the market and its members for the workloads.
 *
 * @param contracts other chaincodes on the channel that workloads call
 * @returns the path of the network configuration
 */
export function writeNetworkConfig(
  folder: string,
  organizations: readonly Organization[],
  identities: readonly EnrolledIdentity[],
  members: Omit<PreparedNetwork, 'channel' | 'chaincode'> & Partial<Pick<PreparedMarket, 'settings'>>,
  contracts: readonly string[] = [],
): string {
  const [first] = organizations;
  if (first === undefined) throw new Error('The network has no organisation.');
  const { channel, chaincode } = first.endpoint.connection;
  rmSync(join(folder, 'identities'), { recursive: true, force: true });
  mkdirSync(join(folder, 'identities'), { recursive: true, mode: 0o700 });
  const write = (name: string, content: string): { path: string } => {
    const path = resolve(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return { path };
  };
  const writeJson = (name: string, value: object): { path: string } =>
    write(name, `${JSON.stringify(value, null, 2)}\n`);
  const certificate = ({ name, certificatePem, privateKeyPem }: EnrolledIdentity): object => ({
    name,
    clientSignedCert: write(join('identities', `${name}.pem`), certificatePem),
    clientPrivateKey: write(join('identities', `${name}.key`), privateKeyPem),
  });
  const prepared: PreparedNetwork = { channel, chaincode, ...members };
  writeJson(preparedMarketFile, prepared);
  const { path } = writeJson('network-config.json', {
    name: 'Veritrain',
    version: '2.0.0',
    caliper: { blockchain: 'fabric' },
    channels: [{ channelName: channel, contracts: [chaincode, ...contracts].map((id) => ({ id })) }],
    organizations: organizations
      .map((organization) => ({
        organization,
        own: identities.filter(({ mspId }) => mspId === organization.mspId),
      }))
      .filter(({ own }) => own.length > 0)
      .map(({ organization, own }) => ({
        mspid: organization.mspId,
        identities: { certificates: own.map(certificate) },
        connectionProfile: {
          ...writeJson(`connection-${organization.mspId}.json`, connectionProfile(organization)),
          discover: false,
        },
      })),
  });
  return path;
}

/** The connection profile for Caliper's connector: the organisation's peer. */
function connectionProfile({ mspId, domain, endpoint: { connection, tls } }: Organization): object {
  const peer = `gateway.${domain}`;
  const { gateway } = connection;
  const overTls =
    tls === undefined
      ? { url: `grpc://${gateway}` }
      : {
          url: `grpcs://${gateway}`,
          tlsCACerts: { pem: tls.rootCertificatePem },
          ...(tls.serverName === undefined
            ? {}
            : { grpcOptions: { 'ssl-target-name-override': tls.serverName } }),
        };
  return {
    name: mspId,
    version: '1.0.0',
    client: { organization: mspId },
    organizations: { [mspId]: { mspid: mspId, peers: [peer] } },
    peers: { [peer]: overTls },
  };
}
