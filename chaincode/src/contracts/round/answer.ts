import {
  ContractError,
  jobIdOf,
  jobMachine,
  opensWith,
  step,
  type ParsedInputOf,
  type Reveal,
  type TrainJob,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { indexes, records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { findStarted, ownSlotOf, phaseDeadline, type OwnSlot } from './startedRound.js';

type Content = Pick<TrainJob, 'state' | 'nonce' | 'commitment' | 'sealed'>;
interface Named {
  readonly coupleId: string;
  readonly attempt: number;
  readonly instanceId: string;
}

export async function submitUpdate(tx: Transaction, input: ParsedInputOf<'SubmitUpdate'>): Promise<TrainJob> {
  const { nonce, commitment, sealed } = input;
  const state = step(jobMachine, null, 'SubmitUpdate', 'committed');
  return answer(tx, input, { state, nonce, commitment, sealed });
}

export async function reportUnavailable(
  tx: Transaction,
  input: ParsedInputOf<'ReportUnavailable'>,
): Promise<TrainJob> {
  const state = step(jobMachine, null, 'ReportUnavailable', 'unavailable');
  return answer(tx, input, { state, nonce: null, commitment: null, sealed: null });
}

/**
 * Writes a host's one answer in a round. It reads no other replica's answer, so simultaneous answers never conflict.
 */
async function answer(tx: Transaction, named: Named, content: Content): Promise<TrainJob> {
  const { coupleId, attempt } = named;
  await tx.ledger.prepare(tx.callersPlace, [records.round, coupleId, attempt]);
  const round = await findStarted(tx, coupleId, attempt);
  const { subsetIndex, slot } = await ownSlotOf(tx, round, named.instanceId);
  const key = [coupleId, attempt, subsetIndex, slot.slot];
  const existing = await tx.ledger.get(records.job, ...key);
  if (existing !== null) {
    if (holds(existing, content)) return existing;
    throw new ContractError('CONFLICT', 'The host has already answered, and answers are final.', {
      jobId: existing.jobId,
      state: existing.state,
    });
  }
  await tx.requireInTime(phaseDeadline(round, 'commit'), 'commit');
  const jobId = jobIdOf(coupleId, attempt, subsetIndex, slot.slot);
  const job: TrainJob = {
    jobId,
    coupleId,
    attempt,
    subsetIndex,
    ...slot,
    ...content,
    answeredAt: await tx.stamp(),
  };
  tx.ledger.put(records.job, key, job);
  tx.ledger.put(indexes.jobByHost, [slot.participantId, ...key], key);
  report(tx, job);
  return job;
}

function report(tx: Transaction, job: TrainJob): void {
  const { coupleId, attempt, subsetIndex, instanceId, generation, participantId } = job;
  const type = job.state === 'committed' ? 'UpdateCommitted' : 'UpdateUnavailable';
  tx.emit({ type, coupleId, attempt, subsetIndex, instanceId, generation, participantId });
}

export async function revealUpdate(tx: Transaction, input: ParsedInputOf<'RevealUpdate'>): Promise<Reveal> {
  const { coupleId, attempt, digest } = input;
  const round = await findStarted(tx, coupleId, attempt);
  const own = await ownSlotOf(tx, round, input.instanceId);
  const { subsetIndex, slot } = own;
  const key = [coupleId, attempt, subsetIndex, slot.slot];
  const existing = await tx.ledger.get(records.reveal, ...key);
  if (existing !== null) {
    if (existing.digest === digest) return existing;
    throw new ContractError('CONFLICT', 'The host has revealed another digest.', {
      instanceId: input.instanceId,
    });
  }
  await requireOpenDispute(tx, input, own);
  await tx.requireInTime(phaseDeadline(round, 'reveal'), 'reveal');
  const job = await tx.ledger.get(records.job, ...key);
  requireOpening(tx, job, input);
  const reveal: Reveal = { coupleId, attempt, subsetIndex, ...slot, digest, revealedAt: await tx.stamp() };
  tx.ledger.put(records.reveal, key, reveal);
  const { instanceId, generation, participantId } = slot;
  tx.emit({
    type: 'UpdateRevealed',
    coupleId,
    attempt,
    subsetIndex,
    instanceId,
    generation,
    participantId,
    digest,
  });
  return reveal;
}

/** The subset is contested, or the model owner did not close it before the close deadline. */
async function requireOpenDispute(tx: Transaction, named: Named, { subsetIndex }: OwnSlot): Promise<void> {
  const { coupleId, attempt } = named;
  const settlement = await tx.ledger.get(records.settlement, coupleId, attempt, subsetIndex);
  if (settlement?.state === 'contested') return;
  const round = await findStarted(tx, coupleId, attempt);
  if (settlement === null && (await tx.passed(phaseDeadline(round, 'close')))) return;
  throw new ContractError('NOT_CONTESTED', 'The subset is not in dispute.', {
    subsetIndex,
    state: settlement?.state ?? 'unclosed',
  });
}

function requireOpening(tx: Transaction, job: TrainJob | null, input: ParsedInputOf<'RevealUpdate'>): void {
  const { instanceId, digest } = input;
  if (job?.state !== 'committed')
    throw new ContractError('NO_COMMITMENT', 'The host made no commitment.', { instanceId });
  if (opensWith(tx.place, job, digest)) return;
  throw new ContractError('DIGEST_DOES_NOT_OPEN', 'The digest does not open the host’s commitment.', {
    instanceId,
  });
}
