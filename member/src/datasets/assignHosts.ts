import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { memberError } from '../errors/memberError.js';
import type { Assignment } from './inviteHosts.js';

export interface AssignHostsInput {
  datasetId: string;
  subsets: number;
  replicas: number;
  hosts: readonly string[];
  /** Slots that somebody holds, by instance id. */
  taken: ReadonlyMap<string, string>;
}

/**
 * Gives every open slot a host, in turn, so that the load is even and nobody holds two slots of one subset.
 * @throws WRONG_ARGUMENT where there are fewer hosts than replicas
 */
export function assignHosts({ datasetId, subsets, replicas, hosts, taken }: AssignHostsInput): Assignment[] {
  if (hosts.length < replicas) {
    throw memberError('VT9001', `${replicas} replicas need ${replicas} hosts; ${hosts.length} were named.`, {
      facts: { replicas, hosts: hosts.length },
      hint: 'Nobody holds two slots of one subset. Name more hosts with --host, or publish with fewer replicas.',
    });
  }
  const assignments: Assignment[] = [];
  for (let subset = 0; subset < subsets; subset += 1) {
    const slots = Array.from({ length: replicas }, (_, slot) => instanceIdOf(datasetId, subset, slot));
    const holders = new Set(slots.map((slot) => taken.get(slot)));
    const free = hosts.map((_, turn) => hosts[(turn + subset * replicas) % hosts.length] ?? '');
    const candidates = free.filter((host) => !holders.has(host));
    slots
      .filter((slot) => !taken.has(slot))
      .forEach((instanceId, turn) => {
        const participantId = candidates[turn];
        if (participantId !== undefined) assignments.push({ instanceId, participantId });
      });
  }
  return assignments;
}
