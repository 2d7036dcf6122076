import { z } from 'zod';
import * as domain from '../domain/index.js';

/** A kind of record: the first part of its composite key, and the schema of its values. */
export interface Collection<Value> {
  readonly name: string;
  readonly schema: z.ZodType<Value>;
}

const collection = <Value>(name: string, schema: z.ZodType<Value>): Collection<Value> => ({ name, schema });

export type KeyPart = string | number;

/** A row that names another record by its key, for lists, or that marks a value as used. */
const keyParts: z.ZodType<readonly KeyPart[]> = z.array(z.union([z.string(), z.int()]));
const holderRow = z.strictObject({ participantId: domain.participantId });

export const records = {
  config: collection('config', domain.marketConfig),
  /** MSP id → the configuration that its organisation has confirmed */
  confirmation: collection('confirmation', domain.configConfirmation),
  clock: collection('clock', domain.clock),
  /** sequence */
  tick: collection('tick', domain.clock),
  proposal: collection('proposal', domain.configProposal),
  /** proposal, MSP id */
  vote: collection('vote', domain.configVote),
  participant: collection('participant', domain.participant),
  /** identity digest → participant */
  identity: collection('identity', holderRow),
  dataset: collection('dataset', domain.dataset),
  datasetRounds: collection('datasetRounds', domain.datasetRounds),
  readiness: collection('readiness', domain.datasetReadiness),
  /** dataset, subset index */
  subset: collection('subset', domain.dataSubset),
  /** dataset, subset index, slot */
  instance: collection('instance', domain.cloudInstance),
  /** dataset, subset index, participant: a participant holds one slot of a subset at most */
  holder: collection('holder', keyParts),
  /** dataset, subset index, company tag: so does a company, where the market requires company tags */
  company: collection('company', keyParts),
  model: collection('model', domain.model),
  couple: collection('couple', domain.trainCouple),
  /**
   * owner, digest → couple: values that an owner uses for one couple only. The key contains the owner, so another
   * member gains nothing by registering a digest that it has seen in a proposal.
   */
  heKey: collection('heKey', keyParts),
  anchor: collection('anchor', keyParts),
  /** model owner, dataset, request number → couple: unanswered requests */
  openRequest: collection('openRequest', keyParts),
  /** dataset, couple */
  trained: collection('trained', domain.trainedModel),
  /** couple, attempt */
  round: collection('round', domain.round),
  /** couple, attempt, subset index, slot */
  job: collection('job', domain.trainJob),
  /** couple, attempt, subset index */
  settlement: collection('settlement', domain.settlement),
  /** couple, attempt, subset index, slot */
  reveal: collection('reveal', domain.reveal),
  /** participant, couple, attempt, subset index or -, slot or -, kind */
  conduct: collection('conduct', domain.conductRecord),
} as const;

/** Index rows for lists: the list's key, then the record's key. */
export const indexes = {
  participantByRole: collection('participantByRole', keyParts),
  datasetByOwner: collection('datasetByOwner', keyParts),
  datasetByState: collection('datasetByState', keyParts),
  instanceByHost: collection('instanceByHost', keyParts),
  modelByOwner: collection('modelByOwner', keyParts),
  coupleByParty: collection('coupleByParty', keyParts),
  coupleByDataset: collection('coupleByDataset', keyParts),
  coupleByModel: collection('coupleByModel', keyParts),
  coupleByState: collection('coupleByState', keyParts),
  jobByHost: collection('jobByHost', keyParts),
} as const;

/** Numbers are padded, so keys sort in numerical order. */
export const keyPart = (part: KeyPart): string =>
  typeof part === 'number' ? String(part).padStart(12, '0') : part;
