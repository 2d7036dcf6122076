import { existsSync, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { allNodes, type NodeKind } from '../nodes/allNodes.js';
import { findLeader } from '../nodes/leader.js';
import { isHealthy, readMetrics } from '../nodes/operations.js';
import type { NodeSpecification } from '../nodes/node.js';
import { Layout } from '../plan/layout.js';
import { readNetworkFile, type Deployment, type NetworkFile } from '../plan/networkFile.js';
import { accepts } from '../plan/ports.js';
import { Processes } from '../system/processes.js';
import { findPrograms } from '../system/programs.js';

export interface NodeStatus {
  readonly name: string;
  readonly kind: NodeKind;
  /** `unwell`: it runs but does not answer. `stopped`: it was not started, or died. */
  readonly state: 'running' | 'unwell' | 'stopped';
  readonly processId: number | null;
  /** Number of the channel's blocks that it has. */
  readonly height: number | null;
  readonly log: string;
}

export interface NetworkStatus {
  readonly network: NetworkFile;
  readonly nodes: readonly NodeStatus[];
  /** Host name of the leading orderer. */
  readonly leader: string | null;
  readonly deployments: readonly Deployment[];
  /** Size of the network's folder, and free space on its disk. */
  readonly diskBytes: { readonly used: number; readonly free: number };
}

/** The state of a network as its nodes report it. @throws NetworkError NETWORK_MISSING, PROGRAM_MISSING */
export async function status(folder: string): Promise<NetworkStatus> {
  const network = readNetworkFile(folder);
  const layout = new Layout(folder);
  const programs = await findPrograms(network.version, network);
  const processes = new Processes(layout);
  const nodes = Object.entries(allNodes({ layout, network, programs })).flatMap(([kind, specifications]) =>
    specifications.map((node) => statusOf(processes, network, kind as NodeKind, node)),
  );
  const { bavail, bsize } = statfsSync(folder);
  return {
    network,
    nodes: await Promise.all(nodes),
    leader: (await findLeader(network))?.hostName ?? null,
    deployments: network.deployments,
    diskBytes: { used: await sizeOf(folder), free: bavail * bsize },
  };
}

async function statusOf(
  processes: Processes,
  { channel }: NetworkFile,
  kind: NodeKind,
  { name, operationsPort, ports }: NodeSpecification,
): Promise<NodeStatus> {
  const processId = (await processes.find(name)) ?? null;
  const facts = { name, kind, processId, log: processes.logOf(name) };
  if (processId === null) return { ...facts, state: 'stopped', height: null };
  if (operationsPort === undefined) {
    const answers = (await Promise.all(ports.map(accepts))).every(Boolean);
    return { ...facts, state: answers ? 'running' : 'unwell', height: null };
  }
  const healthy = await isHealthy(operationsPort);
  const metrics = await readMetrics(operationsPort);
  const height = metrics?.get('ledger_blockchain_height', channel) ?? null;
  return { ...facts, state: healthy ? 'running' : 'unwell', height };
}

async function sizeOf(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      // A node may delete files during the count; they take no space.
      const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
      return found === undefined ? 0 : found.blocks * 512;
    });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
