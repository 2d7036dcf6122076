import type { Model } from '@veritrain/client-sdk';
import { encodeProgram, type TrainingProgram } from '@veritrain/training';
import { writeAtomically } from '../runtime/stateFile.js';
import { architectureOf } from './agreedProgram.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { putPublicDocument } from './publicDocument.js';
import { submit, type Write } from './submit.js';
import { newOwnId } from './newOwnId.js';

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
