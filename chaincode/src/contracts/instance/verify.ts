import {
  ContractError,
  instanceMachine,
  packageCommitment,
  quorumOf,
  step,
  subsetsPerVerification,
  type CloudInstance,
  type DataSubset,
  type Dataset,
  type DatasetReadiness,
  type OutputOf,
  type ParsedInputOf,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { slotOf, subsetOf } from '../dataset/datasets.js';
import { putInstance } from './join.js';

export async function verifyInstances(
  tx: Transaction,
  input: ParsedInputOf<'VerifyInstances'>,
): Promise<OutputOf<'VerifyInstances'>> {
  const dataset = await tx.find(records.dataset, 'dataset', input.datasetId);
  await tx.requireCaller(dataset.ownerId);
  const max = subsetsPerVerification(dataset.replicas);
  if (input.packages.length > max) {
    throw new ContractError('TOO_MANY_AT_ONCE', 'Too many subsets for one call.', { most: max });
  }
  const subsets: DataSubset[] = [];
  for (const { subsetIndex, packageDigest } of input.packages) {
    subsets.push(await verifySubset(tx, dataset, subsetIndex, packageDigest));
  }
  return { subsets, readiness: await noteReadiness(tx, dataset, subsets) };
}

async function verifySubset(
  tx: Transaction,
  dataset: Dataset,
  subsetIndex: number,
  packageDigest: string,
): Promise<DataSubset> {
  const subset = await subsetOf(tx, dataset, subsetIndex);
  const candidates = await joinedInTime(tx, dataset, subsetIndex);
  const opening = candidates.filter((instance) => opens(tx, instance, packageDigest));
  requirePinnable(dataset, subset, packageDigest, opening.length);
  if (candidates.length === 0) return subset;
  for (const instance of candidates) judge(tx, instance, opening.includes(instance));
  if (subset.packageDigest === null) {
    tx.emit({ type: 'PackagePinned', datasetId: dataset.datasetId, subsetIndex, packageDigest });
  }
  const added = opening.map(({ slot, generation, participantId }) => ({
    slot,
    generation,
    participantId: participantId ?? '',
    leaving: null,
  }));
  const verified = [...subset.verified, ...added].sort((a, b) => a.slot - b.slot);
  const next: DataSubset = { ...subset, packageDigest, verified };
  tx.ledger.put(records.subset, [dataset.datasetId, subsetIndex], next);
  return next;
}

/** The slots that wait for a verdict. A slot whose deadline has passed can only be freed. */
async function joinedInTime(
  tx: Transaction,
  dataset: Dataset,
  subsetIndex: number,
): Promise<CloudInstance[]> {
  const joined: CloudInstance[] = [];
  for (let slot = 0; slot < dataset.replicas; slot += 1) {
    const instance = await slotOf(tx, dataset.datasetId, subsetIndex, slot);
    const { verifyDeadline } = instance;
    if (instance.state !== 'joined' || verifyDeadline === null) continue;
    if (!(await tx.passed(verifyDeadline))) joined.push(instance);
  }
  return joined;
}

function opens(tx: Transaction, instance: CloudInstance, packageDigest: string): boolean {
  const { instanceId, generation, participantId, nonce } = instance;
  if (participantId === null || nonce === null) return false;
  const facts = { ...tx.place, instanceId, generation, participantId, nonce };
  return packageCommitment(facts, packageDigest) === instance.commitment;
}

/** Pins the first digest that a quorum opens and refuses any other. */
function requirePinnable(
  dataset: Dataset,
  subset: DataSubset,
  packageDigest: string,
  openings: number,
): void {
  const { subsetIndex } = subset;
  const quorum = quorumOf(dataset.replicas);
  if (subset.packageDigest === null && openings < quorum) {
    throw new ContractError('NO_QUORUM_FOR_DIGEST', 'Too few commitments open with this digest.', {
      subsetIndex,
      openings,
      quorum,
    });
  }
  if (subset.packageDigest !== null && subset.packageDigest !== packageDigest) {
    throw new ContractError('PACKAGE_DIGEST_PINNED', 'Another digest is pinned.', { subsetIndex });
  }
}

function judge(tx: Transaction, instance: CloudInstance, opened: boolean): void {
  const to = opened ? 'verified' : 'mismatched';
  const state = step(instanceMachine, instance.state, 'VerifyInstances', to);
  putInstance(tx, { ...instance, state, verifyDeadline: null });
  const { datasetId, instanceId, generation, participantId } = instance;
  const type = opened ? 'InstanceVerified' : 'InstanceMismatched';
  tx.emit({ type, datasetId, instanceId, generation, participantId: participantId ?? '' });
}

/** Updates the one record that requests read: the subsets that have a quorum of verified slots without notice. */
export async function noteReadiness(
  tx: Transaction,
  dataset: Dataset,
  changed: readonly DataSubset[],
): Promise<DatasetReadiness> {
  const { datasetId, subsets } = dataset;
  const before = (await tx.ledger.get(records.readiness, datasetId)) ?? { datasetId, readySubsets: [] };
  const ready = new Set(before.readySubsets);
  for (const { subsetIndex, verified } of changed) {
    const staying = verified.filter((slot) => slot.leaving === null).length;
    if (staying >= quorumOf(dataset.replicas)) ready.add(subsetIndex);
    else ready.delete(subsetIndex);
  }
  const readySubsets = [...ready].sort((a, b) => a - b);
  if (readySubsets.join() === before.readySubsets.join()) return before;
  const readiness = { datasetId, readySubsets };
  tx.ledger.put(records.readiness, [datasetId], readiness);
  if (readySubsets.length === subsets) tx.emit({ type: 'DatasetReady', datasetId });
  else if (before.readySubsets.length === subsets) tx.emit({ type: 'DatasetUnready', datasetId });
  return readiness;
}
