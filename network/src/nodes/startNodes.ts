import { setTimeout as delay } from 'node:timers/promises';
import { NetworkError } from '../errors.js';
import { accepts, requireFree } from '../plan/ports.js';
import type { Processes } from '../system/processes.js';
import type { NodeSpecification } from './node.js';
import { isHealthy } from './operations.js';

const lookEveryMs = 100;

/**
 * Starts the stopped nodes among these, and waits until all are healthy.
 * @throws NetworkError PORT_BUSY, NODE_DIED, NOT_READY_IN_TIME
 */
export async function startNodes(
  processes: Processes,
  nodes: readonly NodeSpecification[],
  readyMs: number,
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      if ((await processes.find(node.name)) !== undefined) return;
      for (const port of node.ports) await requireFree(port, node.name);
      await processes.start(node);
    }),
  );
  await Promise.all(nodes.map((node) => waitUntilReady(processes, node, readyMs, signal)));
}

async function waitUntilReady(
  processes: Processes,
  node: NodeSpecification,
  readyMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const { name } = node;
  const end = Date.now() + readyMs;
  while (!(await isReady(node))) {
    signal?.throwIfAborted();
    const facts = { node: name, log: processes.logOf(name) };
    if ((await processes.find(name)) === undefined) {
      throw new NetworkError('VT9508', `${name} ended: ${processes.lastWordsOf(name)}`, { facts });
    }
    if (Date.now() > end)
      throw new NetworkError('VT9509', `${name} was not ready after ${readyMs / 1000} s.`, { facts });
    await delay(lookEveryMs);
  }
}

/** A node reports that it is healthy before it listens on all its ports. */
async function isReady({ operationsPort, ports }: NodeSpecification): Promise<boolean> {
  if (operationsPort !== undefined && !(await isHealthy(operationsPort))) return false;
  return (await Promise.all(ports.map(accepts))).every(Boolean);
}
