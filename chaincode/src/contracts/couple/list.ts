import type { ParsedInputOf, TrainCouple } from '../../domain/index.js';
import { indexes, records, type Collection, type KeyPart } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';

type Filter = ParsedInputOf<'ListCouples'>;

const matches =
  (input: Filter) =>
  (couple: TrainCouple): boolean =>
    (input.participantId === undefined ||
      [couple.dataOwnerId, couple.modelOwnerId].includes(input.participantId)) &&
    (input.datasetId === undefined || couple.datasetId === input.datasetId) &&
    (input.modelId === undefined || couple.modelId === input.modelId) &&
    (input.state === undefined || couple.state === input.state);

/** Reads the narrowest index that fits the filter, and applies the other conditions to its pages. */
export function listCouples(tx: Transaction, input: Filter): Promise<Page<TrainCouple>> {
  const by: readonly (readonly [Collection<readonly KeyPart[]>, string | undefined])[] = [
    [indexes.coupleByModel, input.modelId],
    [indexes.coupleByDataset, input.datasetId],
    [indexes.coupleByParty, input.participantId],
    [indexes.coupleByState, input.state],
  ];
  for (const [index, value] of by) {
    if (value !== undefined) return listByIndex(tx, index, [value], records.couple, input, matches(input));
  }
  return listRecords(tx, records.couple, [], input);
}
