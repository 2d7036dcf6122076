import { existsSync } from 'node:fs';
import { isVeritrainError, type RejectReason, type TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { TrainingError, type TrainingErrorCode } from '@veritrain/training';
import { type ActionContext, askEndorsed, submit, type Write } from '../calls/action.js';
import { requireHiddenRows, requireServedProgram } from '../datasets/rareRows.js';
import { drawFile } from '../home/coupleFiles.js';
import { agreedProgram, isDisagreement } from '../models/modelProgram.js';
import type { Member } from '../profile/member.js';
import { isUnavailable } from '../vault/ownObjects.js';

/** A couple after a request, or after an answer to it. */
export interface AnsweredCouple {
  /** The couple, as the transaction left it. */
  couple: TrainCouple;
  /** The transactions that were submitted. */
  writes: Write[];
}

/** What `approveCouple` needs. */
export interface ApproveCoupleInput {
  /** The couple that was requested, `tc_…`. */
  coupleId: string;
  /**
   * Approves a program although the model owner can read rows that two columns of the dataset single out, or learns too many moments
   * for the rows of a subset. Default: false.
   */
  acceptRareRows?: boolean | undefined;
}

/**
 * Reads the program of a request, compares it with the terms and with what the dataset may show, and approves the request with
 * the anchor of this owner's draw chain.
 *
 * @throws OBJECT_MISSING, DIGEST_MISMATCH; TrainingError, among them RARE_PAIR, naming two columns that single out too few rows
 * for a program that shows third moments, and TOO_MANY_MOMENTS; OTHER_PROGRAM; LOCAL_COPY_MISSING; refusals of ApproveTraining
 */
export async function approveCouple(
  member: Member,
  { coupleId, acceptRareRows = false }: ApproveCoupleInput,
  context: ActionContext,
): Promise<AnsweredCouple> {
  const asked = await askEndorsed(member, 'GetCouple', { coupleId }, context);
  const { terms, datasetId } = asked;
  // A repeated approval does not need the program, which may be gone.
  if (asked.state === 'requested') {
    const program = await agreedProgram(member, asked, context);
    requireServedProgram(member, { datasetId, program });
    if (!acceptRareRows) await requireHiddenRows(member, { datasetId, program }, context);
  }
  const { anchor } = ownDrawChain(member.market, 'dataOwner', coupleId, terms);
  const memory = drawFile(member.home, coupleId);
  // Before the approval: this owner must know its approved couples without asking the ledger.
  if (!existsSync(memory.path)) memory.write({ schemaVersion: 1, datasetId, attempt: 0 });
  const { result, write } = await submit(member, 'ApproveTraining', { coupleId, anchor }, context);
  return { couple: result, writes: [write] };
}

/**
 * Rejects a request, with a reason that the ledger shows to everyone.
 *
 * @throws refusals of RejectTraining
 */
export async function rejectCouple(
  member: Member,
  { coupleId, reason }: { coupleId: string; reason: RejectReason },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const { result, write } = await submit(member, 'RejectTraining', { coupleId, reason }, context);
  return { couple: result, writes: [write] };
}

/**
 * Cancels a couple that was not answered in time or is idle for too long. Any member may.
 *
 * @throws refusals of CancelTraining
 */
export async function cancelCouple(
  member: Member,
  { coupleId }: { coupleId: string },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const { result, write } = await submit(member, 'CancelTraining', { coupleId }, context);
  return { couple: result, writes: [write] };
}

/**
 * The reason to reject a request after its approval failed with an error; undefined if the approval may still succeed. An
 * unavailable object may return, so the caller decides how long to wait before it rejects with `programUnavailable`.
 */
export function rejectReasonOf(error: unknown): RejectReason | undefined {
  if (isVeritrainError(error, 'VT0502')) return 'datasetWithdrawn';
  if (isVeritrainError(error, 'VT0606')) return 'lifetimeExhausted';
  if (isDisagreement(error)) return 'programMismatch';
  if (error instanceof TrainingError) return programReasons[error.code];
  if (isUnavailable(error)) return 'programUnavailable';
  return undefined;
}

/** Other errors of training are of the owner's own files. */
const programReasons: Partial<Record<TrainingErrorCode, RejectReason>> = {
  VT7301: 'programUnusable',
  VT7302: 'programUnusable',
  VT7304: 'programUnusable',
  VT7507: 'rareRows',
  VT7508: 'programUnusable',
  VT7510: 'rareRows',
};
