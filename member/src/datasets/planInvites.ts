import { everyPage } from '@veritrain/client-sdk';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { type ActionContext, ask } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import type { Assignment } from './inviteHosts.js';

/** What `planInvites` needs. */
export interface PlanInvitesInput {
  /** A published dataset, `ds_…`. */
  datasetId: string;
  /** The hosts to invite, `pt_…`: at least as many as replicas, or one for a single slot. */
  hosts: string[];
  /** One slot for one host, instead of all open slots. */
  instanceId?: string | undefined;
}

/**
 * Plans which host to invite to which slot, from the slots that are open on the ledger.
 *
 * @throws WRONG_ARGUMENT for fewer hosts than replicas, or several for one slot; NOT_FOUND
 */
export async function planInvites(
  member: Member,
  { datasetId, hosts, instanceId }: PlanInvitesInput,
  context: ActionContext,
): Promise<Assignment[]> {
  if (instanceId !== undefined) {
    const [participantId, ...others] = hosts;
    if (participantId === undefined || others.length > 0) {
      throw memberError('VT9001', 'One slot takes one host: give --host once.');
    }
    return [{ instanceId, participantId }];
  }
  const { subsets, replicas } = await ask(member, 'GetDataset', { datasetId }, context);
  const taken = new Map<string, string>();
  for await (const slot of everyPage(member.market.instances.list, { datasetId }, context)) {
    if (slot.participantId !== null) taken.set(slot.instanceId, slot.participantId);
  }
  return assignHosts({ datasetId, subsets, replicas, hosts: [...new Set(hosts)], taken });
}

/** What `assignHosts` needs. */
export interface AssignHostsInput {
  /** The dataset's id, which slot ids contain. */
  datasetId: string;
  /** Subsets of the dataset. */
  subsets: number;
  /** Slots of each subset. */
  replicas: number;
  /** Ids of the candidates, without repetition. */
  hosts: readonly string[];
  /** The holders of slots, by instance id. */
  taken: ReadonlyMap<string, string>;
}

/**
 * Assigns a host to each open slot, in turn: the load is even, and no host holds two slots of one subset.
 * @throws WRONG_ARGUMENT for fewer hosts than replicas
 */
export function assignHosts({ datasetId, subsets, replicas, hosts, taken }: AssignHostsInput): Assignment[] {
  if (hosts.length < replicas) {
    throw memberError('VT9001', `${replicas} replicas need ${replicas} hosts; ${hosts.length} were named.`, {
      facts: { replicas, hosts: hosts.length },
      hint: 'No host holds two slots of one subset. Name more hosts with --host, or publish with fewer replicas.',
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
