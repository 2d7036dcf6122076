import { everyPage } from '@veritrain/client-sdk';
import { parseInstanceId } from '@veritrain/client-sdk/protocol';
import { instanceIdSchema } from '@veritrain/client-sdk/schemas';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';

/**
 * The datasets of which a host holds a slot, by the ledger, or ever held one, by its own files: a round that was drawn
 * before its notice ended still wants its answer.
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
