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
 * Runs a task on a network whose nodes of the given kinds run, and locks out other commands meanwhile.
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY, NOT_RUNNING
 */
export async function onRunning<T>(
  { folder, signal }: NetworkCommand,
  kinds: readonly NodeKind[],
  work: (parts: NetworkParts) => Promise<T>,
): Promise<T> {
  // A folder without a network does not even get a lock.
  readNetworkFile(folder);
  return exclusively(folder, async () => {
    // Read again: the previous holder of the lock may have changed it.
    const network = readNetworkFile(folder);
    const layout = new Layout(folder);
    const programs = await findPrograms(network.version, network);
    const parts = { layout, network, programs, signal };
    const nodes = allNodes(parts);
    const processes = new Processes(layout);
    for (const { name } of kinds.flatMap((kind) => nodes[kind])) {
      if ((await processes.find(name)) !== undefined) continue;
      throw new NetworkError('VT9514', `${name} is not running.`, { facts: { node: name, folder } });
    }
    return work(parts);
  });
}
