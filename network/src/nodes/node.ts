import type { FabricVersion } from '../plan/options.js';
import { builderFolder, type Layout, type NodeFolders } from '../plan/layout.js';
import type { NetworkFile, Orderer, Organization } from '../plan/networkFile.js';
import type { Program, Programs } from '../system/programs.js';
import type { ProcessSpecification } from '../system/processes.js';
import { render } from '../plan/render.js';

/** A server of the network: how it is started, and where it says how it is. */
export interface NodeSpecification extends ProcessSpecification {
  /** Where it listens: free before it starts, accepting when it is ready. */
  readonly ports: readonly number[];
  /** Of its operations service, where it has one: it answers `/healthz` and `/metrics`. */
  readonly operationsPort?: number;
}

export function ordererNodes(layout: Layout, network: NetworkFile, programs: Programs): NodeSpecification[] {
  const { domain, mspId, orderers } = network.ordering;
  return orderers.map((orderer) => {
    const folders = layout.orderer(domain, orderer.hostName);
    const node = { ...orderer, ...folders };
    return fabricNode('orderer', { programs, folders, node: orderer }, [], () =>
      render(
        'orderer.yaml',
        { node, mspId, tls: network.tls, fabric3: isFabric3(network.version) },
        `${folders.configFolder}/orderer.yaml`,
      ),
    );
  });
}

export function peerNodes(layout: Layout, network: NetworkFile, programs: Programs): NodeSpecification[] {
  return network.organizations.map((organization) => {
    const folders = layout.peer(organization.domain, organization.peer.hostName);
    return fabricNode('peer', { programs, folders, node: organization.peer }, ['node', 'start'], () =>
      writePeerConfig(network, organization, folders),
    );
  });
}

function writePeerConfig(network: NetworkFile, { mspId, peer }: Organization, folders: NodeFolders): void {
  const values = {
    node: { ...peer, ...folders },
    mspId,
    tls: network.tls,
    channel: network.channel,
    bft: network.consensus === 'bft',
    fabric3: isFabric3(network.version),
    orderers: network.ordering.orderers,
    builderFolder,
  };
  render('core.yaml', values, `${folders.configFolder}/core.yaml`);
}

export const isFabric3 = (version: FabricVersion): boolean => version.startsWith('3.');

interface Parts {
  readonly programs: Programs;
  readonly folders: NodeFolders;
  readonly node: Orderer | Organization['peer'];
}

function fabricNode(
  program: Program,
  { programs, folders, node }: Parts,
  args: readonly string[],
  writeConfig: () => void,
): NodeSpecification {
  return {
    name: node.hostName,
    program: programs.path(program),
    arguments: args,
    environment: { FABRIC_CFG_PATH: folders.configFolder, FABRIC_LOGGING_SPEC: logging() },
    cwd: folders.configFolder,
    prepare: writeConfig,
    ports: Object.values(node.ports),
    operationsPort: node.ports.operations,
  };
}

const logging = (): string => process.env.FABRIC_LOGGING_SPEC ?? 'warning';
