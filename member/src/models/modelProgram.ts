import {
  type Aggregation,
  isVeritrainError,
  type Model,
  type TrainCouple,
  type VeritrainError,
} from '@veritrain/client-sdk';
import type { ErrorFacts } from '@veritrain/client-sdk/errors';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  encodeProgram,
  familyNames,
  type OwnProgram,
  type Template,
  type TrainingProgram,
} from '@veritrain/training';
import { ownFamilies } from '@veritrain/training/families';
import { type ActionContext, askEndorsed, newOwnId, ownIdFor, submit, type Write } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { writeAtomically } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import { fetchProgram } from './documents.js';

/** Facts that the ledger states itself, beside the digest of the document that determines them. */
interface LedgerFacts {
  readonly protection: Model['protection'];
  readonly architectureDigest: string;
  /** The number of subsets of the dataset. */
  readonly subsets: number;
  /** Whether model owners get sums over batches of subsets. */
  readonly aggregation: Aggregation;
}

/** The documents that hosts, data owner and model owner train by. */
export interface Documents {
  readonly program: TrainingProgram;
  readonly template?: Template | undefined;
}

/** What of a program its architecture follows from. */
export interface ProgramArchitecture {
  /** Its name. */
  readonly family: string;
  /** Of a family of one's own: the digest of its code. */
  readonly familyDigest?: OwnProgram['familyDigest'];
}

/** The architecture as a separate document: models that differ only in training share its digest. */
export const architectureOf = ({ family, familyDigest }: ProgramArchitecture): Uint8Array =>
  Buffer.from(JSON.stringify({ architecture: family, familyDigest, schemaVersion: 1 }));

/** The family of a registered model, by its architecture's digest on the ledger; undefined for one that this process does not know. */
export const familyOfModel = ({
  architectureDigest,
}: Pick<Model, 'architectureDigest'>): string | undefined =>
  [
    ...familyNames.map((family) => ({ family })),
    ...ownFamilies().map(({ name, digest }) => ({ family: name, familyDigest: digest })),
  ].find((one) => digestOf(architectureOf(one)) === architectureDigest)?.family;

/**
 * Compares the ledger's facts with the documents behind its digests. Each party does so before it relies on either: if the
 * ledger says `encrypted`, a plain program would reveal every update.
 *
 * @throws OTHER_PROGRAM, OTHER_TEMPLATE
 */
export function requireAgreement({ program, template }: Documents, facts: LedgerFacts): void {
  if (program.protection !== facts.protection)
    throw otherProgram('protection', { ledger: facts.protection, program: program.protection });
  // No term of a couple says that hosts get ciphertexts in place of rows, and what hosts have are rows.
  if (program.data !== undefined)
    throw otherProgram('protection of the data', { ledger: 'plain', program: program.data });
  const architecture = digestOf(architectureOf(program));
  if (architecture !== facts.architectureDigest)
    throw otherProgram('architecture', { ledger: facts.architectureDigest, program: architecture });
  if (template === undefined) return;
  const { subsetRows, aggregation = 'perSubset' } = template;
  if (subsetRows.length !== facts.subsets)
    throw memberError('VT9231', 'The template has another number of subsets than the ledger says.', {
      facts: { word: 'subsets', ledger: facts.subsets, template: subsetRows.length },
    });
  if (aggregation !== facts.aggregation)
    throw memberError('VT9231', 'The template has another aggregation than the ledger says.', {
      facts: { word: 'aggregation', ledger: facts.aggregation, template: aggregation },
    });
}

const otherProgram = (word: string, facts: ErrorFacts): VeritrainError =>
  memberError('VT9230', `The program has another ${word} than the ledger says.`, {
    facts: { word, ...facts },
  });

/** Whether a document contradicts the ledger, which is permanent. */
export const isDisagreement = (error: unknown): boolean => isVeritrainError(error, 'VT9230', 'VT9231');

/**
 * Fetches the program of a training and compares it with the ledger's facts.
 *
 * @throws OBJECT_MISSING, DIGEST_MISMATCH; TrainingError PROGRAM_INVALID, OTHER_PROGRAM, OTHER_TEMPLATE
 */
export async function agreedProgram(
  member: Member,
  { modelId, modelOwnerId: ownerId, terms }: Pick<TrainCouple, 'modelId' | 'modelOwnerId' | 'terms'>,
  context: ActionContext,
  template?: Template,
): Promise<TrainingProgram> {
  const { programDigest, protection, subsets, aggregation } = terms;
  const program = await fetchProgram(member, { programDigest, ownerId }, context);
  // An approval or a report of unavailability on this answer is final, so one peer's answer is not enough.
  const { architectureDigest } = await askEndorsed(member, 'GetModel', { modelId }, context);
  requireAgreement({ program, template }, { protection, architectureDigest, subsets, aggregation });
  return program;
}

/** The id of a program's model: always the same, so that repeated requests do not register it again. */
export const modelIdOf = ({ market }: Pick<Member, 'market'>, program: TrainingProgram): string =>
  ownIdFor('md', encodeProgram(program), market);

/** What `registerModel` needs. */
export interface RegisterModelInput {
  /** Family, parameters of the training, and protection. */
  program: TrainingProgram;
  /** Default: a new id. With the same id and program the call can be repeated. */
  modelId?: string | undefined;
}

/** A model on the ledger. */
export interface RegisteredModel {
  /** The model, as RegisterModel wrote it. */
  model: Model;
  /** The transactions that were submitted. */
  writes: Write[];
}

/**
 * Pins a training program on the ledger and stores its document for hosts.
 *
 * @throws refusals of RegisterModel; errors of the vault
 */
export async function registerModel(
  member: Member,
  { program, modelId = newOwnId('md', member.market) }: RegisterModelInput,
  context: ActionContext,
): Promise<RegisteredModel> {
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
