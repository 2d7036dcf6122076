import type { Model } from '@veritrain/client-sdk';
import { encodeProgram, type TrainingProgram } from '@veritrain/training';
import { writeAtomically } from '../home/stateFile.js';
import { architectureOf } from './agreedProgram.js';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import { submit, type Write } from '../calls/submit.js';
import { newOwnId } from '../calls/newOwnId.js';

export interface RegisterModelInput {
  program: TrainingProgram;
  /** Default: a fresh one. */
  modelId?: string | undefined;
}

/** Pins a training program on the ledger and leaves its text where hosts find it. */
export async function registerModel(
  member: Member,
  { program, modelId = newOwnId('md', member.market) }: RegisterModelInput,
  context: ActionContext,
): Promise<{ model: Model; writes: Write[] }> {
  const bytes = encodeProgram(program);
  const programDigest = await putPublicDocument(member.market, bytes, context.signal);
  const architectureDigest = await putPublicDocument(member.market, architectureOf(program), context.signal);
  writeAtomically(member.home.model(modelId).programPath, bytes);
  const { result, write } = await submit(
    member,
    'RegisterModel',
    { modelId, programDigest, architectureDigest, protection: program.protection },
    context,
  );
  return { model: result, writes: [write] };
}
