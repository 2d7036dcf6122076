import { digestOf } from '@veritrain/client-sdk/vault';
import { decodeProgram, decodeTemplate, type Template, type TrainingProgram } from '@veritrain/training';
import { type ActionContext, askEndorsed } from '../calls/action.js';
import { readIfThere, writeAtomically } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { isOutOfReach } from '../vault/ownObjects.js';
import {
  type DocumentReference,
  getPublicDocument,
  maxProgramBytes,
  maxTemplateBytes,
} from '../vault/publicDocument.js';

/** Fetches a document and keeps a copy, so that a member does not lose with the vault a document that it agreed to. */
async function fetchDocument<T>(
  { home, market }: Member,
  { digest, ownerId, maxBytes }: Required<DocumentReference>,
  decode: (bytes: Uint8Array) => T,
  { signal }: ActionContext,
): Promise<T> {
  const path = home.documentPath(digest);
  const own = readIfThere(path);
  if (own !== undefined && digestOf(own) === digest) return decode(own);
  const bytes = await getPublicDocument(market, { digest, ownerId, maxBytes }, signal);
  const document = decode(bytes);
  writeAtomically(path, bytes);
  return document;
}

/** Fetches a dataset's public template: columns, row counts, statistics. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function fetchTemplate(
  member: Member,
  { templateDigest: digest, ownerId }: { templateDigest: string; ownerId: string },
  context: ActionContext,
): Promise<Template> {
  return fetchDocument(member, { digest, ownerId, maxBytes: maxTemplateBytes }, decodeTemplate, context);
}

/** Fetches a model's training program. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function fetchProgram(
  member: Member,
  { programDigest: digest, ownerId }: { programDigest: string; ownerId: string },
  context: ActionContext,
): Promise<TrainingProgram> {
  return fetchDocument(member, { digest, ownerId, maxBytes: maxProgramBytes }, decodeProgram, context);
}

/** The template of a dataset; undefined where nobody has it now, or the vault cannot be used. */
export async function findTemplate(
  member: Member,
  datasetId: string,
  context: ActionContext,
): Promise<Template | undefined> {
  try {
    return await templateOf(member, datasetId, context);
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    throw error;
  }
}

/** Fetches the template of a dataset by its id. */
export async function templateOf(
  member: Member,
  datasetId: string,
  context: ActionContext,
): Promise<Template> {
  return fetchTemplate(member, await askEndorsed(member, 'GetDataset', { datasetId }, context), context);
}
