import { z } from 'zod';
import * as domain from '../domain/index.js';

/** A kind of record: the first part of its composite key, and the schema of its values. */
export interface Collection<Value> {
  readonly name: string;
  readonly schema: z.ZodType<Value>;
}

const collection = <Value>(name: string, schema: z.ZodType<Value>): Collection<Value> => ({ name, schema });

export type KeyPart = string | number;

/** A row that names another record by its key, for lists; or that marks something as used. */
const keyParts: z.ZodType<readonly KeyPart[]> = z.array(z.union([z.string(), z.int()]));
const holderRow = z.strictObject({ participantId: domain.participantId });

export const records = {
  config: collection('config', domain.marketConfig),
  /** MSP id: what it would have the market's configuration be */
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
  /** dataset, subset index, participant: nobody holds two slots of one subset */
  holder: collection('holder', keyParts),
  /** dataset, subset index, company tag: no company does, where the market tells companies apart */
  company: collection('company', keyParts),
  model: collection('model', domain.model),
  couple: collection('couple', domain.trainCouple),
  /**
   * owner, digest → couple: what its owner may use for no other couple. The owner is in the key, so that somebody who
   * sees a digest in a proposal gains nothing by registering it first.
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

/** Rows for lists: what they are listed by, then the key of the record. */
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

/** Numbers are padded so that keys sort as numbers do. */
export const keyPart = (part: KeyPart): string =>
  typeof part === 'number' ? String(part).padStart(12, '0') : part;
