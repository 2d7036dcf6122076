import { advertisedHost, ordererAddress, peerPort } from '../plan/addresses.js';
import type { FabricVersion } from '../plan/options.js';
import { builderFolder, type Layout, type NodeFolders } from '../plan/layout.js';
import type { NetworkFile, Orderer, Organization } from '../plan/networkFile.js';
import type { Program, Programs } from '../system/programs.js';
import type { ProcessSpecification } from '../system/processes.js';
import { render } from '../plan/render.js';
import { proxyEnvironment } from './proxyEnvironment.js';

/** A server of the network: how to start it, and where to read its health. */
export interface NodeSpecification extends ProcessSpecification {
  /** Its listening ports: free before it starts, open when it is ready. */
  readonly ports: readonly number[];
  /** The port of its operations service, if it has one, which answers `/healthz` and `/metrics`. */
  readonly operationsPort?: number;
}

export function ordererNodes(layout: Layout, network: NetworkFile, programs: Programs): NodeSpecification[] {
  const { domain, mspId, orderers } = network.ordering;
  return orderers.map((orderer) => {
    const folders = layout.orderer(domain, orderer.hostName);
    const node = { ...orderer, ...folders };
    return fabricNode('orderer', { programs, folders, node: orderer, proxy: proxyEnvironment() }, [], () =>
      render(
        'orderer.yaml',
        { node, mspId, tls: network.tls, fabric3: isFabric3(network.version), wait: waitIn(network) },
        `${folders.configFolder}/orderer.yaml`,
      ),
    );
  });
}

export function peerNodes(layout: Layout, network: NetworkFile, programs: Programs): NodeSpecification[] {
  return network.organizations.map((organization) => {
    const folders = layout.peer(organization.domain, organization.peer.hostName);
    const proxy = proxyEnvironment(organization);
    return fabricNode('peer', { programs, folders, node: organization.peer, proxy }, ['node', 'start'], () =>
      writePeerConfig(network, organization, folders),
    );
  });
}

function writePeerConfig(network: NetworkFile, organization: Organization, folders: NodeFolders): void {
  const values = {
    node: { ...organization.peer, ...folders },
    mspId: organization.mspId,
    externalEndpoint: `${advertisedHost(network, organization)}:${peerPort(organization)}`,
    wait: waitIn(network),
    reconnectInterval: reconnectInterval(network, organization),
    tls: network.tls,
    channel: network.channel,
    bft: network.consensus === 'bft',
    fabric3: isFabric3(network.version),
    ordererAddresses: network.ordering.orderers.map((orderer) => ordererAddress(network, orderer)),
    builderFolder,
  };
  render('core.yaml', values, `${folders.configFolder}/core.yaml`);
}

/** A time limit in a node's settings. A handshake takes several round trips. */
const waitIn =
  ({ delayMs }: NetworkFile) =>
  (ms: number): string =>
    `${ms + 4 * delayMs}ms`;

/**
 * How long a peer waits before it connects to another one again. Two peers that connect to each other at the same time
 * close each other's connection, and with equal connection times would do so for ever. So each peer waits a different
 * time, which grows with the connection time.
 */
function reconnectInterval({ organizations, delayMs }: NetworkFile, organization: Organization): string {
  const staggerMs = delayMs === 0 ? 0 : 4 * delayMs + 100;
  return `${1_000 + staggerMs * organizations.indexOf(organization)}ms`;
}

export const isFabric3 = (version: FabricVersion): boolean => version.startsWith('3.');

interface Parts {
  readonly programs: Programs;
  readonly folders: NodeFolders;
  readonly node: Orderer | Organization['peer'];
  readonly proxy: Readonly<Record<string, string>>;
}

function fabricNode(
  program: Program,
  { programs, folders, node, proxy }: Parts,
  args: readonly string[],
  writeConfig: () => void,
): NodeSpecification {
  return {
    name: node.hostName,
    program: programs.path(program),
    arguments: args,
    environment: { ...proxy, FABRIC_CFG_PATH: folders.configFolder, FABRIC_LOGGING_SPEC: logging() },
    cwd: folders.configFolder,
    prepare: writeConfig,
    ports: Object.values(node.ports),
    operationsPort: node.ports.operations,
  };
}

const logging = (): string => process.env.FABRIC_LOGGING_SPEC ?? 'warning';
