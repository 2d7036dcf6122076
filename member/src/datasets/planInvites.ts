import { everyPage } from '@veritrain/client-sdk';
import { memberError } from '../errors/memberError.js';
import { assignHosts } from './assignHosts.js';
import type { ActionContext } from '../calls/context.js';
import type { Assignment } from './inviteHosts.js';
import type { Member } from '../profile/member.js';
import { ask } from '../calls/submit.js';

export interface PlanInvitesInput {
  datasetId: string;
  hosts: string[];
  /** One slot for one host, in place of all that are open. */
  instanceId?: string | undefined;
}

/** Which host to invite to which slot. @throws WRONG_ARGUMENT */
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
