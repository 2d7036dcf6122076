import type { NetworkParts } from '../channel/channel.js';
import { NetworkError } from '../errors.js';
import { allNodes, type NodeKind } from '../nodes/allNodes.js';
import { Layout } from '../plan/layout.js';
import { readNetworkFile } from '../plan/networkFile.js';
import { exclusively } from '../system/lock.js';
import { Processes } from '../system/processes.js';
import { findPrograms } from '../system/programs.js';
import type { NetworkCommand } from './up.js';

/**
 * Does something to a network whose nodes of the kinds that it takes run, and lets nobody else in meanwhile.
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY, NOT_RUNNING
 */
export async function onRunning<T>(
  { folder, signal }: NetworkCommand,
  kinds: readonly NodeKind[],
  work: (parts: NetworkParts) => Promise<T>,
): Promise<T> {
  // A folder that is no network's is not even locked.
  readNetworkFile(folder);
  return exclusively(folder, async () => {
    // What whoever held the lock before has changed in it counts.
    const network = readNetworkFile(folder);
    const layout = new Layout(folder);
    const programs = await findPrograms(network.version, network);
    const parts = { layout, network, programs, signal };
    const nodes = allNodes(parts);
    const processes = new Processes(layout);
    for (const { name } of kinds.flatMap((kind) => nodes[kind])) {
      if ((await processes.find(name)) !== undefined) continue;
      throw new NetworkError('VT9514', `${name} does not run.`, { facts: { node: name, folder } });
    }
    return work(parts);
  });
}
