import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NetworkFile } from '@veritrain/network';

/** All organisations of a Fabric network agree on another endorsement policy for the contract that they run. */
export function redefineContract(folder: string, policy: string): void {
  const network = JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8')) as NetworkFile;
  const { channel, version, organizations, ordering } = network;
  const [deployment] = network.deployments;
  const [orderer] = ordering.orderers;
  const material = join(folder, 'organizations');
  const peerFolder = (domain: string): string => join(material, 'peerOrganizations', domain);
  const tlsRoot = (domain: string): string =>
    join(peerFolder(domain), 'peers', `peer0.${domain}`, 'tls', 'ca.crt');
  const asked = (domain: string, ...args: string[]): void => {
    const { mspId, peer } = organizations.find((each) => each.domain === domain)!;
    const program = join(homedir(), '.cache', 'veritrain', `fabric-${version}`, 'bin', 'peer');
    execFileSync(program, ['lifecycle', 'chaincode', ...args], {
      stdio: 'pipe',
      env: {
        ...process.env,
        FABRIC_CFG_PATH: join(folder, 'nodes', `peer0.${domain}`),
        CORE_PEER_TLS_ENABLED: 'true',
        CORE_PEER_ADDRESS: `localhost:${peer.ports.listen}`,
        CORE_PEER_LOCALMSPID: mspId,
        CORE_PEER_MSPCONFIGPATH: join(peerFolder(domain), 'users', `Admin@${domain}`, 'msp'),
        CORE_PEER_TLS_ROOTCERT_FILE: tlsRoot(domain),
      },
    });
  };
  const ordererFolder = join(
    material,
    'ordererOrganizations',
    ordering.domain,
    'orderers',
    orderer!.hostName,
  );
  const definition = [
    ...['--orderer', `localhost:${orderer!.ports.listen}`, '--tls'],
    ...['--cafile', join(ordererFolder, 'tls', 'ca.crt')],
    ...['--channelID', channel, '--name', deployment!.name, '--version', '1'],
    ...['--sequence', (deployment!.sequence + 1).toString(), '--signature-policy', policy],
  ];
  for (const { domain, packageId } of deployment!.servers)
    asked(domain, 'approveformyorg', ...definition, '--package-id', packageId);
  const peers = organizations.flatMap(({ domain, peer }) => [
    ...['--peerAddresses', `localhost:${peer.ports.listen}`],
    ...['--tlsRootCertFiles', tlsRoot(domain)],
  ]);
  asked(organizations[0]!.domain, 'commit', ...definition, ...peers);
}
