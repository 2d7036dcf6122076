import { existsSync } from 'node:fs';
import type { RejectReason, TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { drawFile } from '../home/drawFile.js';
import { agreedProgram } from '../models/agreedProgram.js';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import { askEndorsed, submit, type Write } from '../calls/submit.js';

export interface AnsweredCouple {
  couple: TrainCouple;
  writes: Write[];
}

/**
 * Approves a request with the anchor of this owner's own draw chain, once the program was read and is what the terms say.
 *
 * @throws OBJECT_MISSING, DIGEST_MISMATCH; TrainingError, OTHER_PROGRAM; what ApproveTraining refuses
 */
export async function approveCouple(
  member: Member,
  { coupleId }: { coupleId: string },
  context: ActionContext,
): Promise<AnsweredCouple> {
  const asked = await askEndorsed(member, 'GetCouple', { coupleId }, context);
  const { terms, datasetId } = asked;
  // One that was approved before is answered as before, wherever the program is by now.
  if (asked.state === 'requested') await agreedProgram(member, asked, context);
  const { anchor } = ownDrawChain(member.market, 'dataOwner', coupleId, terms);
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
