import {
  companyAttribute,
  companyTag,
  ContractError,
  instanceMachine,
  parseInstanceId,
  step,
  verifyJoinToken,
  type CloudInstance,
  type Dataset,
  type ParsedInputOf,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { indexes, records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { requireOffered, slotOf } from '../dataset/datasets.js';

export interface FoundSlot {
  readonly dataset: Dataset;
  readonly instance: CloudInstance;
}

/** The slot that an instance id names. Refuses with NOT_FOUND or OUT_OF_RANGE. */
export async function findSlot(tx: Transaction, instanceId: string): Promise<FoundSlot> {
  const { datasetId, subsetIndex, slot } = parseInstanceId(instanceId);
  const dataset = await tx.find(records.dataset, 'dataset', datasetId);
  if (subsetIndex >= dataset.subsets || slot >= dataset.replicas) {
    throw new ContractError('OUT_OF_RANGE', 'The dataset has no such slot.', {
      instanceId,
      subsets: dataset.subsets,
      replicas: dataset.replicas,
    });
  }
  return { dataset, instance: await slotOf(tx, datasetId, subsetIndex, slot) };
}

export const putInstance = (tx: Transaction, instance: CloudInstance): void =>
  tx.ledger.put(records.instance, [instance.datasetId, instance.subsetIndex, instance.slot], instance);

/** Refuses with WRONG_GENERATION. */
export function requireGeneration(instance: CloudInstance, generation: number): void {
  if (instance.generation === generation) return;
  throw new ContractError('WRONG_GENERATION', 'The slot is under another generation.', {
    instanceId: instance.instanceId,
    generation: instance.generation,
  });
}

export async function joinInstance(
  tx: Transaction,
  input: ParsedInputOf<'JoinInstance'>,
): Promise<CloudInstance> {
  const { participantId } = await tx.callerWith('cloudOwner');
  const { dataset, instance } = await findSlot(tx, input.instanceId);
  const { generation, nonce, commitment } = input;
  if (holds(instance, { participantId, generation, nonce, commitment })) return instance;
  requireOffered(dataset);
  requireGeneration(instance, generation);
  requireOpen(instance, participantId);
  await requireToken(tx, dataset, instance, participantId, input);
  await requireAlone(tx, instance, participantId);
  const tag = await companyTagOf(tx, instance);
  const { windowMs } = (await tx.config()).settings;
  const joined: CloudInstance = {
    ...instance,
    state: step(instanceMachine, instance.state, 'JoinInstance', 'joined'),
    participantId,
    nonce,
    commitment,
    companyTag: tag,
    joinedAt: await tx.stamp(),
    verifyDeadline: await tx.deadline(dataset.deadlines.verifyMs, windowMs),
  };
  putInstance(tx, joined);
  markHeld(tx, joined, participantId);
  const { datasetId, instanceId } = instance;
  tx.emit({ type: 'InstanceJoined', datasetId, instanceId, generation, participantId });
  return joined;
}

function requireOpen(instance: CloudInstance, participantId: string): void {
  if (instance.state === 'open') return;
  const { instanceId, state } = instance;
  if (instance.participantId === participantId) {
    throw new ContractError('CONFLICT', 'The caller joined this slot with other content.', {
      instanceId,
      state,
    });
  }
  throw new ContractError('SLOT_TAKEN', 'The slot is not open.', { instanceId, state });
}

async function requireToken(
  tx: Transaction,
  dataset: Dataset,
  instance: CloudInstance,
  participantId: string,
  input: ParsedInputOf<'JoinInstance'>,
): Promise<void> {
  const { datasetId, subsetIndex, slot, generation } = instance;
  const { expiresAt, token } = input;
  const owner = await tx.find(records.participant, 'participant', dataset.ownerId);
  const facts = { ...tx.place, datasetId, subsetIndex, slot, generation, participantId, expiresAt };
  if (!verifyJoinToken(facts, token, owner.signingKey)) {
    throw new ContractError('TOKEN_INVALID', 'The join token is not for this host and slot.', {
      instanceId: instance.instanceId,
      participantId,
    });
  }
  const { time } = await tx.clock();
  const { windowMs } = (await tx.config()).settings;
  if (time > expiresAt + windowMs) {
    throw new ContractError('TOKEN_EXPIRED', 'The join token expired.', { expiresAt, clock: time });
  }
}

async function requireAlone(tx: Transaction, instance: CloudInstance, participantId: string): Promise<void> {
  const { datasetId, subsetIndex } = instance;
  if ((await tx.ledger.get(records.holder, datasetId, subsetIndex, participantId)) === null) return;
  throw new ContractError('SUBSET_HELD', 'The caller holds another slot of this subset.', {
    datasetId,
    subsetIndex,
  });
}

/**
 * The company tag for the dataset from the caller's certificate, or null. Refuses a tag that another host of the subset
 * has.
 */
async function companyTagOf(tx: Transaction, instance: CloudInstance): Promise<string | null> {
  const { datasetId, subsetIndex } = instance;
  const attribute = tx.caller.attribute(companyAttribute(datasetId));
  const tag = companyTag.safeParse(attribute);
  if (!tag.success) {
    if (attribute === null && !(await tx.config()).settings.companyTagRequired) return null;
    throw new ContractError(
      'COMPANY_TAG_MISSING',
      'The certificate carries no company tag for this dataset.',
      {
        datasetId,
      },
    );
  }
  if ((await tx.ledger.get(records.company, datasetId, subsetIndex, tag.data)) === null) return tag.data;
  throw new ContractError('SUBSET_HELD', 'The caller’s company holds another slot of this subset.', {
    datasetId,
    subsetIndex,
  });
}

function markHeld(tx: Transaction, instance: CloudInstance, participantId: string): void {
  const { datasetId, subsetIndex, slot } = instance;
  tx.ledger.put(records.holder, [datasetId, subsetIndex, participantId], [slot]);
  if (instance.companyTag !== null) {
    tx.ledger.put(records.company, [datasetId, subsetIndex, instance.companyTag], [slot]);
  }
  tx.ledger.put(
    indexes.instanceByHost,
    [participantId, datasetId, subsetIndex, slot],
    [datasetId, subsetIndex, slot],
  );
}

/** Removes the marks that {@link joinInstance} set, after a host has left. */
export function unmarkHeld(tx: Transaction, instance: CloudInstance, participantId: string): void {
  const { datasetId, subsetIndex, slot } = instance;
  tx.ledger.delete(records.holder, [datasetId, subsetIndex, participantId]);
  if (instance.companyTag !== null) {
    tx.ledger.delete(records.company, [datasetId, subsetIndex, instance.companyTag]);
  }
  tx.ledger.delete(indexes.instanceByHost, [participantId, datasetId, subsetIndex, slot]);
}
