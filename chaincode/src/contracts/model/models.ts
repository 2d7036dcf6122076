import { ContractError, type Model, type ParsedInputOf } from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { indexes, records } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';

export async function registerModel(tx: Transaction, input: ParsedInputOf<'RegisterModel'>): Promise<Model> {
  const { participantId: ownerId } = await tx.callerWith('modelOwner');
  const { modelId, protection } = input;
  tx.requireOwnId(modelId, ownerId);
  const existing = await tx.ledger.get(records.model, modelId);
  if (existing !== null) {
    if (existing.ownerId === ownerId && holds(existing, input)) return existing;
    throw new ContractError('CONFLICT', 'Another model has this id.', { modelId });
  }
  await tx.config();
  const model: Model = { ...input, ownerId, transactionId: tx.id };
  tx.ledger.put(records.model, [modelId], model);
  tx.ledger.put(indexes.modelByOwner, [ownerId, modelId], [modelId]);
  tx.emit({ type: 'ModelRegistered', modelId, ownerId, protection });
  return model;
}

export const listModels = (tx: Transaction, input: ParsedInputOf<'ListModels'>): Promise<Page<Model>> =>
  input.ownerId === undefined
    ? listRecords(tx, records.model, [], input)
    : listByIndex(tx, indexes.modelByOwner, [input.ownerId], records.model, input);
