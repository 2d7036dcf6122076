import { drawAnchor, type RejectReason, type TrainCouple } from '@veritrain/client-sdk';
import { existsSync } from 'node:fs';
import { drawFile } from '../runtime/drawFile.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { askEndorsed, submit, type Write } from './submit.js';

export interface AnsweredCouple {
  couple: TrainCouple;
  writes: Write[];
}

/** Approves a request with the anchor of a fresh draw chain, which derives from this owner's keyring. */
export async function approveCouple(
  member: Member,
  { coupleId }: { coupleId: string },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const { terms, datasetId } = await askEndorsed(member, 'GetCouple', { coupleId }, context);
  const { keyring, place } = member.market;
  const attempts = terms.rounds + terms.spareAttempts;
  const anchor = drawAnchor({ ...place, coupleId }, keyring.lastDrawLink(coupleId), attempts);
  const memory = drawFile(member.home, coupleId);
  // Before the approval: what this owner approved it must know without asking anybody.
  if (!existsSync(memory.path)) memory.write({ schemaVersion: 1, datasetId, attempt: 0 });
  const { result, write } = await submit(member, 'ApproveTraining', { coupleId, anchor }, context);
  return { couple: result, writes: [write] };
}

/** Refuses a request. */
export async function rejectCouple(
  member: Member,
  { coupleId, reason }: { coupleId: string; reason: RejectReason },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const { result, write } = await submit(member, 'RejectTraining', { coupleId, reason }, context);
  return { couple: result, writes: [write] };
}

/** Ends a couple that was not answered in time, or that rests too long. Anyone may. */
export async function cancelCouple(
  member: Member,
  { coupleId }: { coupleId: string },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const { result, write } = await submit(member, 'CancelTraining', { coupleId }, context);
  return { couple: result, writes: [write] };
}
