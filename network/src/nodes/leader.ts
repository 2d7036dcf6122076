import { setTimeout as delay } from 'node:timers/promises';
import { NetworkError } from '../errors.js';
import type { NetworkFile, Orderer } from '../plan/networkFile.js';
import { readMetrics } from './operations.js';

const prefix = { raft: 'consensus_etcdraft', bft: 'consensus_BFT' } as const;

/** The orderer that reports itself as leader; undefined if none does. */
export async function findLeader({
  channel,
  consensus,
  ordering,
}: NetworkFile): Promise<Orderer | undefined> {
  const leading = await Promise.all(
    ordering.orderers.map(async ({ ports }) => {
      const metrics = await readMetrics(ports.operations);
      return metrics?.get(`${prefix[consensus]}_is_leader`, channel) === 1;
    }),
  );
  return ordering.orderers[leading.indexOf(true)];
}

/** @throws NetworkError NOT_READY_IN_TIME */
export async function waitForLeader(
  network: NetworkFile,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = Date.now() + withinMs;
  while ((await findLeader(network)) === undefined) {
    signal?.throwIfAborted();
    if (Date.now() > end)
      throw new NetworkError('VT9509', `There was no leading orderer after ${withinMs / 1000} s.`, {
        facts: { orderers: network.ordering.orderers.length },
      });
    await delay(100);
  }
}
