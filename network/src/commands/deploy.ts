import { deployChaincode, type DeployChoices } from '../chaincode/deploy.js';
import type { NetworkParts } from '../channel/channel.js';
import { NetworkError } from '../errors.js';
import { allNodes } from '../nodes/allNodes.js';
import { Layout } from '../plan/layout.js';
import { readNetworkFile, type Deployment } from '../plan/networkFile.js';
import { exclusively } from '../system/lock.js';
import { Processes } from '../system/processes.js';
import { findPrograms } from '../system/programs.js';
import type { NetworkCommand } from './up.js';

export interface DeployOptions extends NetworkCommand, DeployChoices {}

/**
 * Deploys a chaincode as a service that is not deployed yet.
 * @throws NetworkError ALREADY_DEPLOYED, and as {@link upgrade}
 */
export const deploy = (options: DeployOptions): Promise<Deployment> =>
  onRunning(options, (parts) => deployChaincode(parts, { ...options, isNew: true }, options.onProgress));

/**
 * Moves a chaincode that is deployed to its next sequence. What is under way goes on.
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY, NOT_RUNNING, NOT_DEPLOYED, CHAINCODE_INVALID, PROGRAM_FAILED,
 * NODE_DIED, NOT_READY_IN_TIME
 */
export const upgrade = (options: DeployOptions): Promise<Deployment> =>
  onRunning(options, (parts) => deployChaincode(parts, { ...options, isNew: false }, options.onProgress));

function onRunning<T>(
  { folder, signal }: NetworkCommand,
  work: (parts: NetworkParts) => Promise<T>,
): Promise<T> {
  const network = readNetworkFile(folder);
  return exclusively(folder, async () => {
    const layout = new Layout(folder);
    const programs = await findPrograms(network.version, network);
    const parts = { layout, network, programs, signal };
    const { orderer, peer } = allNodes(parts);
    const processes = new Processes(layout);
    for (const { name } of [...orderer, ...peer]) {
      if ((await processes.find(name)) !== undefined) continue;
      throw new NetworkError('VT9514', `${name} does not run.`, { facts: { node: name, folder } });
    }
    return work(parts);
  });
}
