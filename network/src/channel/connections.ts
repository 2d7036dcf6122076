import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerAddress } from '../plan/addresses.js';
import type { Layout } from '../plan/layout.js';
import { writeFile, type NetworkFile, type Organization } from '../plan/networkFile.js';

/**
 * Writes the files that clients need: for each organisation a connection profile in Fabric's common format, where
 * Fabric's own test networks have theirs (`connection-org1.json`), and one file that refers to them all.
 */
export function writeConnections(layout: Layout, network: NetworkFile): void {
  for (const organization of network.organizations) {
    const path = join(
      layout.peerOrganization(organization.domain),
      `connection-${organization.name.toLowerCase()}.json`,
    );
    writeJson(path, connectionProfile(layout, network, organization));
  }
  const registrars = network.organizations.flatMap(({ domain, authority }) =>
    authority === undefined
      ? []
      : [[domain, { enrolmentId: 'admin', secretFile: layout.registrarSecret(authority.name) }]],
  );
  writeJson(layout.connectionFile, {
    organizations: layout.organizations,
    channel: network.channel,
    // The first deployment, since a market has one contract.
    ...(network.deployments[0] === undefined ? {} : { chaincode: network.deployments[0].name }),
    registrars: Object.fromEntries(registrars) as object,
  });
}

const writeJson = (path: string, value: object): void =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`);

function connectionProfile(layout: Layout, network: NetworkFile, organization: Organization): object {
  const { name, domain, mspId, peer, authority } = organization;
  const scheme = network.tls ? 'grpcs' : 'grpc';
  const tlsRoot = join(layout.peer(domain, peer.hostName).tlsFolder, 'ca.crt');
  const pem = readFileSync(tlsRoot, 'utf8');
  return {
    name: `${network.channel}-${name.toLowerCase()}`,
    version: '1.0.0',
    client: { organization: name },
    organizations: {
      [name]: {
        mspid: mspId,
        peers: [peer.hostName],
        ...(authority === undefined ? {} : { certificateAuthorities: [authority.name] }),
      },
    },
    peers: {
      [peer.hostName]: {
        url: `${scheme}://${peerAddress(organization)}`,
        ...(network.tls
          ? { tlsCACerts: { pem }, grpcOptions: { 'ssl-target-name-override': 'localhost' } }
          : {}),
      },
    },
    ...(authority === undefined
      ? {}
      : {
          certificateAuthorities: {
            [authority.name]: {
              url: `${network.tls ? 'https' : 'http'}://localhost:${authority.ports.listen}`,
              caName: authority.name,
              ...(network.tls
                ? { tlsCACerts: { pem: [readFileSync(layout.authorityRoot(authority.name), 'utf8')] } }
                : {}),
            },
          },
        }),
  };
}
