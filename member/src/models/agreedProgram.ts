import { isVeritrainError, type Model, type TrainCouple, type VeritrainError } from '@veritrain/client-sdk';
import type { ErrorFacts } from '@veritrain/client-sdk/errors';
import { digestOf } from '@veritrain/client-sdk/vault';
import type { Template, TrainingProgram } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import { memberError } from '../errors/memberError.js';
import { fetchProgram } from './documents.js';
import type { Member } from '../profile/member.js';
import { askEndorsed } from '../calls/submit.js';

/** What the ledger says in words of its own, beside the digest of the document that decides it. */
export interface LedgerWords {
  readonly protection: Model['protection'];
  readonly architectureDigest: string;
  /** How many subsets the dataset, and so the training, has. */
  readonly subsets: number;
}

/** What hosts, data owner and model owner go by. */
export interface Documents {
  readonly program: TrainingProgram;
  readonly template?: Template | undefined;
}

/** The architecture as a document of its own: models that differ in training alone share its digest. */
export const architectureOf = ({ model }: TrainingProgram): Uint8Array =>
  Buffer.from(JSON.stringify({ architecture: model, schemaVersion: 1 }));

/**
 * The one comparison of the ledger's words with the documents behind its digests. Every party makes it before it relies
 * on either: on a ledger that says `encrypted` a program in clear would show every update.
 *
 * @throws OTHER_PROGRAM, OTHER_TEMPLATE
 */
export function requireAgreement({ program, template }: Documents, words: LedgerWords): void {
  if (program.protection !== words.protection)
    throw otherProgram('protection', { ledger: words.protection, program: program.protection });
  const architecture = digestOf(architectureOf(program));
  if (architecture !== words.architectureDigest)
    throw otherProgram('architecture', { ledger: words.architectureDigest, program: architecture });
  if (template === undefined || template.subsetRows.length === words.subsets) return;
  const facts = { word: 'subsets', ledger: words.subsets, template: template.subsetRows.length };
  throw memberError('VT9231', 'The template has another number of subsets than the ledger says.', {
    facts,
  });
}

const otherProgram = (word: string, facts: ErrorFacts): VeritrainError =>
  memberError('VT9230', `The program has another ${word} than the ledger says.`, {
    facts: { word, ...facts },
  });

/** Whether a document is another one than the ledger says; it stays so. */
export const isDisagreement = (error: unknown): boolean => isVeritrainError(error, 'VT9230', 'VT9231');

/**
 * The program that a training runs, compared with the ledger's words.
 *
 * @throws OBJECT_MISSING, DIGEST_MISMATCH; TrainingError PROGRAM_INVALID, OTHER_PROGRAM, OTHER_TEMPLATE
 */
export async function agreedProgram(
  member: Member,
  { modelId, modelOwnerId: ownerId, terms }: Pick<TrainCouple, 'modelId' | 'modelOwnerId' | 'terms'>,
  context: ActionContext,
  template?: Template,
): Promise<TrainingProgram> {
  const { programDigest, protection, subsets } = terms;
  const program = await fetchProgram(member, { programDigest, ownerId }, context);
  // What is reported unavailable, or approved, on this answer stays so: one peer's word is not enough.
  const { architectureDigest } = await askEndorsed(member, 'GetModel', { modelId }, context);
  requireAgreement({ program, template }, { protection, architectureDigest, subsets });
  return program;
}
