import { decodeProgram, decodeTemplate, type Template, type TrainingProgram } from '@veritrain/training';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { getPublicDocument } from './publicDocument.js';
import { ask } from './submit.js';

/** A dataset's public template: columns, row counts, statistics. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export async function fetchTemplate(
  member: Member,
  { templateDigest }: { templateDigest: string },
  { signal }: ActionContext,
): Promise<Template> {
  return decodeTemplate(await getPublicDocument(member.market.vault, templateDigest, signal));
}

/** A model's training program. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export async function fetchProgram(
  member: Member,
  { programDigest }: { programDigest: string },
  { signal }: ActionContext,
): Promise<TrainingProgram> {
  return decodeProgram(await getPublicDocument(member.market.vault, programDigest, signal));
}

/** The template of a dataset that is named by its id. */
export async function templateOf(
  member: Member,
  datasetId: string,
  context: ActionContext,
): Promise<Template> {
  return fetchTemplate(member, await ask(member, 'GetDataset', { datasetId }, context), context);
}
