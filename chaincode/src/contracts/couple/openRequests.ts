import { ContractError, maxOpenRequests, type TrainCouple } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

type Request = Pick<TrainCouple, 'coupleId' | 'datasetId' | 'modelOwnerId'>;

/**
 * The lowest number that no unanswered request of this owner on this dataset has. Each number is a row of its own, so an
 * answer to one request conflicts with none to another. Refuses with TOO_MANY_OPEN_REQUESTS.
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
  throw new ContractError('TOO_MANY_OPEN_REQUESTS', 'Too many requests of this owner wait for an answer.', {
    datasetId,
    most: maxOpenRequests,
  });
}

/** The request was answered, or cancelled. */
export const freeRequestNumber = (tx: Transaction, couple: TrainCouple): void =>
  tx.ledger.delete(records.openRequest, [couple.modelOwnerId, couple.datasetId, couple.requestNumber]);
