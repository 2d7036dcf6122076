import { join } from 'node:path';
import { z } from 'zod';
import { askPeer, type NetworkParts } from '../channel/channel.js';
import { writeConnections } from '../channel/connections.js';
import { ordererArguments } from '../channel/orderer.js';
import { NetworkError } from '../errors.js';
import { peerAddress } from '../plan/addresses.js';
import {
  writeNetworkFile,
  type Deployment,
  type NetworkFile,
  type Organization,
} from '../plan/networkFile.js';
import { freePorts } from '../plan/ports.js';
import { startNodes } from '../nodes/startNodes.js';
import { Processes } from '../system/processes.js';
import { createChaincodeTls } from './certificates.js';
import { readChaincodeFolder } from './folder.js';
import { packService } from './package.js';
import { waitUntilEndorsed } from './ready.js';
import { chaincodeServer, serverName, serverOf } from './server.js';

export interface DeployChoices {
  /** Folder of a built Node chaincode package. */
  readonly chaincode: string;
  /** Name on the channel. Default: the package's name without scope. */
  readonly name?: string | undefined;
}

const serverReadyMs = 60_000;

/**
 * Deploys a new chaincode, or the next sequence of a deployed one: starts a server for each organisation, installs the
 * package, has all organisations approve it and commits the definition. The servers of the previous sequence run until
 * the new one is endorsed, then stop.
 * @throws NetworkError ALREADY_DEPLOYED, NOT_DEPLOYED, CHAINCODE_INVALID, PROGRAM_FAILED, NODE_DIED, NOT_READY_IN_TIME
 */
export async function deployChaincode(
  parts: NetworkParts,
  { chaincode, name, isNew }: DeployChoices & { readonly isNew: boolean },
  onProgress: (what: string) => void = () => undefined,
): Promise<Deployment> {
  const { layout, network, signal } = parts;
  const { folder, name: packageName } = readChaincodeFolder(chaincode);
  const chosen = name ?? packageName;
  const before = network.deployments.filter((each) => each.name === chosen);
  const sequence = 1 + (await committedSequence(parts, chosen));
  if (isNew !== (sequence === 1)) throw unexpected(chosen, sequence - 1);
  const deployment = await pack(parts, { name: chosen, sequence, folder });
  const processes = new Processes(layout);
  onProgress(`starting ${chosen}, sequence ${sequence}, for ${network.organizations.length} organisations`);
  const servers = network.organizations.map((organization) =>
    chaincodeServer(layout, deployment, organization),
  );
  // An interrupted deployment may have left servers on other ports.
  await Promise.all(servers.map((server) => processes.stop(server.name)));
  await startNodes(processes, servers, serverReadyMs, signal);
  onProgress('installing and approving');
  await Promise.all(
    network.organizations.map(async (organization) => {
      await install(parts, organization, deployment);
      await approve(parts, organization, deployment);
    }),
  );
  onProgress('committing');
  await commit(parts, deployment);
  // Both deployments, while peers move from one to the other.
  remember(parts, [...network.deployments, deployment]);
  onProgress('waiting for a majority to endorse');
  await waitUntilEndorsed(parts, chosen);
  remember(parts, [...network.deployments.filter((each) => each.name !== chosen), deployment]);
  const old = before.flatMap((each) => each.servers.map(({ domain }) => serverName(each, domain)));
  await Promise.all(old.map((server) => processes.stop(server)));
  return deployment;
}

const committedSchema = z.object({ sequence: z.number().int() });

/** The sequence on the channel, which counts even if the network file differs; 0 if the name is not defined. */
async function committedSequence(parts: NetworkParts, name: string): Promise<number> {
  const question = ['lifecycle', 'chaincode', 'querycommitted', '--channelID', parts.network.channel];
  try {
    const answer = await askPeer(parts, firstOf(parts.network), [...question, '--name', name, '-O', 'json']);
    return committedSchema.parse(JSON.parse(answer)).sequence;
  } catch (error) {
    if (error instanceof NetworkError && error.message.includes('is not defined')) return 0;
    throw error;
  }
}

function firstOf({ organizations: [first] }: NetworkFile): Organization {
  if (first === undefined) throw new Error('a network has organisations');
  return first;
}

function unexpected(name: string, sequence: number): NetworkError {
  if (sequence === 0) return new NetworkError('VT9512', `${name} is not deployed.`, { facts: { name } });
  return new NetworkError('VT9518', `${name} is already deployed, with sequence ${sequence}.`, {
    facts: { name, sequence },
  });
}

function remember({ layout, network }: NetworkParts, deployments: Deployment[]): void {
  writeNetworkFile(layout.folder, { ...network, deployments });
  writeConnections(layout, { ...network, deployments });
}

async function pack(
  { layout, network }: NetworkParts,
  what: Pick<Deployment, 'name' | 'sequence' | 'folder'>,
): Promise<Deployment> {
  const ports = await freePorts(network.organizations.length);
  const servers = await Promise.all(
    network.organizations.map(async ({ domain }, index) => {
      const port = ports[index] ?? 0;
      const home = layout.chaincode(domain);
      const { packageId } = await packService({
        path: packagePath(home, what),
        label: `${what.name}_${what.sequence}`,
        address: `localhost:${port}`,
        tls: await createChaincodeTls(join(home, 'tls')),
        chaincode: what.folder,
      });
      return { domain, port, packageId };
    }),
  );
  return { ...what, servers };
}

const packagePath = (home: string, { name, sequence }: Pick<Deployment, 'name' | 'sequence'>): string =>
  join(home, `${name}_${sequence}.tgz`);

async function install(
  parts: NetworkParts,
  organization: Organization,
  deployment: Deployment,
): Promise<void> {
  const path = packagePath(parts.layout.chaincode(organization.domain), deployment);
  await askPeer(parts, organization, ['lifecycle', 'chaincode', 'install', path]);
}

const definition = ({ name, sequence }: Deployment, { channel }: NetworkFile): string[] => [
  ...['--channelID', channel, '--name', name, '--version', sequence.toString()],
  ...['--sequence', sequence.toString()],
];

async function approve(
  parts: NetworkParts,
  organization: Organization,
  deployment: Deployment,
): Promise<void> {
  const { packageId } = serverOf(deployment, organization);
  await askPeer(parts, organization, [
    ...['lifecycle', 'chaincode', 'approveformyorg', ...ordererArguments(parts)],
    ...[...definition(deployment, parts.network), '--package-id', packageId],
  ]);
}

async function commit(parts: NetworkParts, deployment: Deployment): Promise<void> {
  const { layout, network } = parts;
  const peers = network.organizations.flatMap((organization) => [
    ...['--peerAddresses', peerAddress(organization)],
    ...[
      '--tlsRootCertFiles',
      join(layout.peer(organization.domain, organization.peer.hostName).tlsFolder, 'ca.crt'),
    ],
  ]);
  await askPeer(parts, firstOf(network), [
    ...['lifecycle', 'chaincode', 'commit', ...ordererArguments(parts)],
    ...[...definition(deployment, network), ...peers],
  ]);
}
