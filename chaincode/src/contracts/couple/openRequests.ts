import { ContractError, maxOpenRequests, type TrainCouple } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

type Request = Pick<TrainCouple, 'coupleId' | 'datasetId' | 'modelOwnerId'>;

/**
 * Returns the lowest number that this owner's unanswered requests on this dataset do not use. Each number has its own
 * row, so answers to different requests never conflict. Refuses with TOO_MANY_OPEN_REQUESTS.
 */
export async function takeRequestNumber(
  tx: Transaction,
  { coupleId, datasetId, modelOwnerId }: Request,
): Promise<number> {
  for (let number = 0; number < maxOpenRequests; number += 1) {
    if ((await tx.ledger.get(records.openRequest, modelOwnerId, datasetId, number)) !== null) continue;
    tx.ledger.put(records.openRequest, [modelOwnerId, datasetId, number], [coupleId]);
    return number;
  }
  throw new ContractError('TOO_MANY_OPEN_REQUESTS', 'This owner has too many unanswered requests.', {
    datasetId,
    most: maxOpenRequests,
  });
}

/** Frees the number when a request is answered or cancelled. */
export const freeRequestNumber = (tx: Transaction, couple: TrainCouple): void =>
  tx.ledger.delete(records.openRequest, [couple.modelOwnerId, couple.datasetId, couple.requestNumber]);
