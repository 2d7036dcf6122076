import { join } from 'node:path';
import { distanceProgram, type Layout } from '../plan/layout.js';
import type { NetworkFile } from '../plan/networkFile.js';
import type { NodeSpecification } from './node.js';

/** One process for each distant organisation. All traffic between its peer and others passes through it. */
export function distanceNodes(layout: Layout, network: NetworkFile): NodeSpecification[] {
  return network.organizations.flatMap(({ domain, peer, distance }) => {
    if (distance === undefined) return [];
    const { inbound, outbound } = distance.ports;
    const name = `distance.${domain}`;
    return {
      name,
      program: process.execPath,
      arguments: [distanceProgram, ...[network.delayMs, peer.ports.listen, inbound, outbound].map(String)],
      environment: {},
      cwd: join(layout.folder, 'nodes', name),
      prepare: () => undefined,
      ports: [inbound, outbound],
    };
  });
}
