import { everyPage } from '@veritrain/client-sdk';
import { parseInstanceId } from '@veritrain/client-sdk/protocol';
import { instanceIdSchema } from '@veritrain/client-sdk/schemas';
import type { ActionContext } from '../calls/action.js';
import type { Member } from '../profile/member.js';

/**
 * The datasets in which a host holds a slot (by the ledger) or ever held one (by its files): a round that was drawn before
 * the host left still expects an answer.
 */
export async function heldDatasets(
  { market, home }: Member,
  participantId: string,
  context: ActionContext,
): Promise<Set<string>> {
  const datasetIds = new Set<string>();
  for await (const { datasetId } of everyPage(market.instances.list, { participantId }, context))
    datasetIds.add(datasetId);
  for (const name of home.instanceIds())
    if (instanceIdSchema.safeParse(name).success) datasetIds.add(parseInstanceId(name).datasetId);
  return datasetIds;
}
