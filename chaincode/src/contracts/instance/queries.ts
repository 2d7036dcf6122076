import type { CloudInstance, ParsedInputOf, Waiting } from '../../domain/index.js';
import { indexes, records } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';

export function listInstances(
  tx: Transaction,
  input: ParsedInputOf<'ListInstances'>,
): Promise<Page<CloudInstance>> {
  const { datasetId, participantId, state } = input;
  const keep = (instance: CloudInstance) =>
    (state === undefined || instance.state === state) &&
    (datasetId === undefined || instance.datasetId === datasetId);
  if (participantId === undefined) {
    return listRecords(tx, records.instance, datasetId === undefined ? [] : [datasetId], input, keep);
  }
  const by = datasetId === undefined ? [participantId] : [participantId, datasetId];
  return listByIndex(tx, indexes.instanceByHost, by, records.instance, input, keep);
}

export async function waitingForJoins(
  tx: Transaction,
  input: ParsedInputOf<'WaitingForJoins'>,
): Promise<Page<Waiting>> {
  const dataset = await tx.find(records.dataset, 'dataset', input.datasetId);
  const page = await listRecords(tx, records.instance, [input.datasetId], input);
  const waits = await Promise.all(page.items.map((instance) => waitOf(tx, dataset.ownerId, instance)));
  return { items: waits.filter((wait) => wait !== null), bookmark: page.bookmark };
}

async function waitOf(tx: Transaction, ownerId: string, instance: CloudInstance): Promise<Waiting | null> {
  const { instanceId, subsetIndex, verifyDeadline, leaveDeadline } = instance;
  const at = { attempt: null, subsetIndex, instanceId };
  if (instance.state === 'joined' && verifyDeadline !== null) {
    return {
      ...at,
      kind: 'verification',
      whom: [ownerId],
      transactions: ['VerifyInstances'],
      until: await tx.view(verifyDeadline),
      thenAnyone: 'ExpireJoin',
    };
  }
  if (instance.state !== 'leaving' || leaveDeadline === null) return null;
  return {
    ...at,
    kind: 'notice',
    whom: [],
    transactions: ['LeaveInstance'],
    until: await tx.view(leaveDeadline),
    thenAnyone: 'LeaveInstance',
  };
}
