import {
  ContractError,
  instanceMachine,
  openInstance,
  step,
  type CloudInstance,
  type DataSubset,
  type Dataset,
  type ParsedInputOf,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { subsetOf } from '../dataset/datasets.js';
import { findSlot, putInstance, requireGeneration, unmarkHeld, type FoundSlot } from './join.js';
import { noteReadiness } from './verify.js';

export async function expireJoin(
  tx: Transaction,
  input: ParsedInputOf<'ExpireJoin'>,
): Promise<CloudInstance> {
  const { instance } = await findSlot(tx, input.instanceId);
  if (instance.generation > input.generation) return instance;
  requireGeneration(instance, input.generation);
  const state = step(instanceMachine, instance.state, 'ExpireJoin', 'open', {
    instanceId: instance.instanceId,
  });
  const { datasetId, instanceId, generation, participantId, verifyDeadline } = instance;
  if (verifyDeadline === null || participantId === null) throw new Error('a joined slot lacks its host');
  await tx.requirePassed(verifyDeadline, 'verify');
  const open = { ...openInstance(instance, generation + 1), state };
  putInstance(tx, open);
  unmarkHeld(tx, instance, participantId);
  tx.emit({ type: 'JoinExpired', datasetId, instanceId, generation, participantId });
  return open;
}

export async function leaveInstance(
  tx: Transaction,
  input: ParsedInputOf<'LeaveInstance'>,
): Promise<CloudInstance> {
  const found = await findSlot(tx, input.instanceId);
  const { instance } = found;
  requireGeneration(instance, input.generation);
  if (instance.state === 'left') return instance;
  if (instance.state === 'leaving') return endNotice(tx, found);
  if (instance.state === 'open') step(instanceMachine, instance.state, 'LeaveInstance', 'left');
  await requireHolder(tx, instance);
  return instance.state === 'verified' ? giveNotice(tx, found) : leave(tx, instance);
}

async function requireHolder(tx: Transaction, instance: CloudInstance): Promise<void> {
  const caller = await tx.callerId();
  if (caller === instance.participantId) return;
  throw new ContractError('NOT_HOLDER', 'Another participant holds the slot.', {
    instanceId: instance.instanceId,
  });
}

async function giveNotice(tx: Transaction, { dataset, instance }: FoundSlot): Promise<CloudInstance> {
  const state = step(instanceMachine, instance.state, 'LeaveInstance', 'leaving');
  const { windowMs } = (await tx.config()).settings;
  const leaveDeadline = await tx.deadline(dataset.deadlines.noticeMs, windowMs);
  const leaving: CloudInstance = { ...instance, state, leaveDeadline };
  putInstance(tx, leaving);
  const { datasetId, instanceId, generation } = instance;
  tx.emit({
    type: 'InstanceLeaving',
    datasetId,
    instanceId,
    generation,
    participantId: instance.participantId ?? '',
  });
  await changeSubset(tx, dataset, instance, (verified) =>
    verified.map((slot) => (slot.slot === instance.slot ? { ...slot, leaving: leaveDeadline } : slot)),
  );
  return leaving;
}

/** Ends a notice that has passed; anyone may do so. Before that, the host's second call is a retry of its first. */
async function endNotice(tx: Transaction, { dataset, instance }: FoundSlot): Promise<CloudInstance> {
  const { leaveDeadline } = instance;
  if (leaveDeadline === null) throw new Error('a leaving slot lacks its deadline');
  if (!(await tx.passed(leaveDeadline))) {
    const caller = await tx.ledger.get(records.identity, tx.caller.identity);
    if (caller?.participantId === instance.participantId) return instance;
  }
  await tx.requirePassed(leaveDeadline, 'notice');
  await changeSubset(tx, dataset, instance, (verified) =>
    verified.filter((slot) => slot.slot !== instance.slot),
  );
  return leave(tx, instance);
}

function leave(tx: Transaction, instance: CloudInstance): CloudInstance {
  const state = step(instanceMachine, instance.state, 'LeaveInstance', 'left');
  const { datasetId, instanceId, generation, participantId } = instance;
  if (participantId === null) throw new Error('a held slot lacks its host');
  const left: CloudInstance = { ...instance, state, verifyDeadline: null };
  putInstance(tx, left);
  unmarkHeld(tx, instance, participantId);
  tx.emit({ type: 'InstanceLeft', datasetId, instanceId, generation, participantId });
  return left;
}

async function changeSubset(
  tx: Transaction,
  dataset: Dataset,
  instance: CloudInstance,
  change: (verified: DataSubset['verified']) => DataSubset['verified'],
): Promise<void> {
  const subset = await subsetOf(tx, dataset, instance.subsetIndex);
  const next: DataSubset = { ...subset, verified: change(subset.verified) };
  tx.ledger.put(records.subset, [dataset.datasetId, instance.subsetIndex], next);
  await noteReadiness(tx, dataset, [next]);
}
