import { digestOf } from '@veritrain/client-sdk/vault';
import { decodeProgram, decodeTemplate, type Template, type TrainingProgram } from '@veritrain/training';
import { readIfThere } from '../home/memberHome.js';
import { writeAtomically } from '../home/stateFile.js';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import {
  getPublicDocument,
  mostProgramBytes,
  mostTemplateBytes,
  type DocumentReference,
} from '../vault/publicDocument.js';
import { askEndorsed } from '../calls/submit.js';

/**
 * A document that the ledger names, from this member's own copy where there is one: what a member once agreed on must
 * not be lost to it with the vault.
 */
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

/** A dataset's public template: columns, row counts, statistics. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function fetchTemplate(
  member: Member,
  { templateDigest: digest, ownerId }: { templateDigest: string; ownerId: string },
  context: ActionContext,
): Promise<Template> {
  return fetchDocument(member, { digest, ownerId, maxBytes: mostTemplateBytes }, decodeTemplate, context);
}

/** A model's training program. @throws OBJECT_MISSING, DIGEST_MISMATCH */
export function fetchProgram(
  member: Member,
  { programDigest: digest, ownerId }: { programDigest: string; ownerId: string },
  context: ActionContext,
): Promise<TrainingProgram> {
  return fetchDocument(member, { digest, ownerId, maxBytes: mostProgramBytes }, decodeProgram, context);
}

/** The template of a dataset that is named by its id. */
export async function templateOf(
  member: Member,
  datasetId: string,
  context: ActionContext,
): Promise<Template> {
  return fetchTemplate(member, await askEndorsed(member, 'GetDataset', { datasetId }, context), context);
}
