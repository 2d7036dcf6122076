import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { peerAddress, type NetworkFile } from '@veritrain/network';
import { freePort } from './freePort.js';

/** The environment in which the example's scripts find a network of two organisations that `network up` made. */
export async function scriptSettings(folder: string, network: NetworkFile): Promise<NodeJS.ProcessEnv> {
  const organizations = join(folder, 'organizations');
  const { ordering } = network;
  const [orderer] = ordering.orderers;
  if (orderer === undefined) throw new Error('a network has orderers');
  const settings: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [...programFolders(network.version), process.env.PATH].join(delimiter),
    NETWORK: 'env',
    ORGANIZATIONS: organizations,
    CHANNEL: network.channel,
    ORDERER: `localhost:${orderer.ports.listen.toString()}`,
    ORDERER_ROOT: `${organizations}/ordererOrganizations/${ordering.domain}/orderers/${orderer.hostName}/tls/ca.crt`,
    TICK: '500ms',
  };
  for (const [index, organization] of network.organizations.entries()) {
    const { domain, mspId, peer } = organization;
    const prefix = `ORG${(index + 1).toString()}`;
    settings[`${prefix}_DOMAIN`] = domain;
    settings[`${prefix}_MSP`] = mspId;
    settings[`${prefix}_PEER`] = peerAddress(organization);
    settings[`${prefix}_SERVICE`] = `127.0.0.1:${(await freePort()).toString()}`;
    settings.FABRIC_CFG_PATH = join(folder, 'nodes', peer.hostName);
  }
  return settings;
}

/** Where the programs of a version are looked for before the PATH. */
function programFolders(version: string): string[] {
  const installed = join(homedir(), '.cache', 'veritrain', `fabric-${version}`, 'bin');
  return [process.env.VERITRAIN_FABRIC_BIN ?? installed, installed];
}
