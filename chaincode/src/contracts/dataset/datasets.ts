import {
  checkDatasetDeadlines,
  checkDurations,
  ContractError,
  datasetMachine,
  instanceIdOf,
  openInstance,
  quorumOf,
  requireBatches,
  step,
  subsetIdOf,
  type CloudInstance,
  type DataSubset,
  type Dataset,
  type DatasetView,
  type ParsedInputOf,
  type SubsetView,
  type TrainedModel,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { indexes, records } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';

export async function registerDataset(
  tx: Transaction,
  input: ParsedInputOf<'RegisterDataset'>,
): Promise<Dataset> {
  const { participantId: ownerId } = await tx.callerWith('dataOwner');
  const { datasetId } = input;
  tx.requireOwnId(datasetId, ownerId);
  const existing = await tx.ledger.get(records.dataset, datasetId);
  if (existing !== null) {
    if (existing.ownerId === ownerId && holds(existing, input)) return existing;
    throw new ContractError('CONFLICT', 'Another dataset has this id.', { datasetId });
  }
  const { settings } = await tx.config();
  if (input.replicas < settings.leastReplicas) {
    throw new ContractError('TOO_FEW_REPLICAS', 'The market requires more replicas.', {
      replicas: input.replicas,
      leastReplicas: settings.leastReplicas,
    });
  }
  requireBatches(input);
  checkDatasetDeadlines(settings, input.deadlines);
  checkDurations(settings, { mostIdleMs: input.requestRules.mostIdleMs });
  const state = step(datasetMachine, null, 'RegisterDataset', 'offered');
  const dataset: Dataset = { ...input, ownerId, state, transactionId: tx.id };
  tx.ledger.put(records.dataset, [datasetId], dataset);
  tx.ledger.put(indexes.datasetByOwner, [ownerId, datasetId], [datasetId]);
  tx.ledger.put(indexes.datasetByState, [state, datasetId], [datasetId]);
  const { subsets, replicas } = input;
  tx.emit({ type: 'DatasetRegistered', datasetId, ownerId, subsets, replicas });
  return dataset;
}

export async function withdrawDataset(
  tx: Transaction,
  { datasetId }: ParsedInputOf<'WithdrawDataset'>,
): Promise<Dataset> {
  const dataset = await tx.find(records.dataset, 'dataset', datasetId);
  await tx.requireCaller(dataset.ownerId);
  if (dataset.state === 'withdrawn') return dataset;
  const state = step(datasetMachine, dataset.state, 'WithdrawDataset', 'withdrawn');
  const withdrawn: Dataset = { ...dataset, state };
  tx.ledger.put(records.dataset, [datasetId], withdrawn);
  tx.ledger.delete(indexes.datasetByState, [dataset.state, datasetId]);
  tx.ledger.put(indexes.datasetByState, [state, datasetId], [datasetId]);
  tx.emit({ type: 'DatasetWithdrawn', datasetId });
  return withdrawn;
}

/** Refuses with DATASET_WITHDRAWN. */
export function requireOffered(dataset: Dataset): void {
  if (dataset.state !== 'withdrawn') return;
  throw new ContractError('DATASET_WITHDRAWN', 'The dataset was withdrawn.', {
    datasetId: dataset.datasetId,
  });
}

/** Returns the subset's record, or an initial one if it has none. Refuses with OUT_OF_RANGE. */
export async function subsetOf(tx: Transaction, dataset: Dataset, subsetIndex: number): Promise<DataSubset> {
  const { datasetId, subsets } = dataset;
  if (subsetIndex >= subsets) {
    throw new ContractError('OUT_OF_RANGE', 'The dataset has no such subset.', {
      datasetId,
      subsetIndex,
      subsets,
    });
  }
  const found = await tx.ledger.get(records.subset, datasetId, subsetIndex);
  return (
    found ?? {
      subsetId: subsetIdOf(datasetId, subsetIndex),
      datasetId,
      subsetIndex,
      packageDigest: null,
      verified: [],
    }
  );
}

/** Returns the slot's record. A slot that nobody has joined is open, generation 1. */
export async function slotOf(
  tx: Transaction,
  datasetId: string,
  subsetIndex: number,
  slot: number,
): Promise<CloudInstance> {
  const found = await tx.ledger.get(records.instance, datasetId, subsetIndex, slot);
  const instanceId = instanceIdOf(datasetId, subsetIndex, slot);
  return found ?? openInstance({ instanceId, datasetId, subsetIndex, slot }, 1);
}

export async function getDataset(
  tx: Transaction,
  { datasetId }: ParsedInputOf<'GetDataset'>,
): Promise<DatasetView> {
  const dataset = await tx.find(records.dataset, 'dataset', datasetId);
  const readySubsets = (await tx.ledger.get(records.readiness, datasetId))?.readySubsets ?? [];
  return {
    ...dataset,
    quorum: quorumOf(dataset.replicas),
    liarsAreFound: dataset.replicas >= 3,
    readySubsets,
    ready: readySubsets.length === dataset.subsets,
    reservedRounds: (await tx.ledger.get(records.datasetRounds, datasetId))?.reserved ?? 0,
  };
}

export function listDatasets(tx: Transaction, input: ParsedInputOf<'ListDatasets'>): Promise<Page<Dataset>> {
  const { ownerId, state } = input;
  const keep = (dataset: Dataset) => state === undefined || dataset.state === state;
  if (ownerId !== undefined) {
    return listByIndex(tx, indexes.datasetByOwner, [ownerId], records.dataset, input, keep);
  }
  return state === undefined
    ? listRecords(tx, records.dataset, [], input)
    : listByIndex(tx, indexes.datasetByState, [state], records.dataset, input);
}

export async function getSubset(
  tx: Transaction,
  { datasetId, subsetIndex }: ParsedInputOf<'GetSubset'>,
): Promise<SubsetView> {
  const dataset = await tx.find(records.dataset, 'dataset', datasetId);
  const subset = await subsetOf(tx, dataset, subsetIndex);
  const slots: CloudInstance[] = [];
  for (let slot = 0; slot < dataset.replicas; slot += 1) {
    slots.push(await slotOf(tx, datasetId, subsetIndex, slot));
  }
  return { ...subset, slots };
}

export async function listTrainedModels(
  tx: Transaction,
  input: ParsedInputOf<'ListTrainedModels'>,
): Promise<Page<TrainedModel>> {
  await tx.find(records.dataset, 'dataset', input.datasetId);
  return listRecords(tx, records.trained, [input.datasetId], input);
}
