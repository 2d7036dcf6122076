import { z } from 'zod';
import { conductRecord } from './conduct.js';
import { trainCouple } from './couple.js';
import { dataset, datasetReadiness, datasetRounds, dataSubset } from './dataset.js';
import { clock } from './deadline.js';
import { participantId } from './ids.js';
import { cloudInstance } from './instance.js';
import { configConfirmation, configProposal, configVote, marketConfig } from './market.js';
import { model } from './model.js';
import { participant } from './participant.js';
import { reveal, round, trainJob } from './round.js';
import { settlement } from './verdict.js';
import { trainedModel } from './views.js';

/** A row that names another record by its key, for lists; or that marks something as used. */
export const keyParts: z.ZodType<readonly (string | number)[]> = z.array(z.union([z.string(), z.int()]));

/**
 * The schema of each kind of record on the ledger. A record's composite key begins with its kind; what follows stands with
 * each kind. Numbers in keys have twelve digits.
 */
export const recordSchemas = {
  /** The configuration that holds. Key: nothing more. */
  config: marketConfig,
  /** What an organisation would have the configuration be. Key: MSP id. */
  confirmation: configConfirmation,
  /** The market's clock. Key: nothing more. */
  clock,
  /** The clock as a tick set it. Key: sequence. */
  tick: clock,
  /** A proposal of other settings. Key: proposal. */
  proposal: configProposal,
  /** An organisation's vote on a proposal. Key: proposal, MSP id. */
  vote: configVote,
  /** A participant, whose keys are those of its id. Key: participant. */
  participant,
  /** The participant of an identity. Key: identity's digest. */
  identity: z.strictObject({ participantId }),
  /** A dataset. Key: dataset. */
  dataset,
  /** The rounds of a dataset that couples hold. Key: dataset. */
  datasetRounds,
  /** The subsets that are ready. Key: dataset. */
  readiness: datasetReadiness,
  /** A subset with its verified slots. Key: dataset, subset index. */
  subset: dataSubset,
  /** A slot that was ever joined. Key: dataset, subset index, slot. */
  instance: cloudInstance,
  /** Nobody holds two slots of one subset. Key: dataset, subset index, participant. */
  holder: keyParts,
  /** No company does, where the market tells companies apart. Key: dataset, subset index, company tag. */
  company: keyParts,
  /** A model. Key: model. */
  model,
  /** A couple. Key: couple. */
  couple: trainCouple,
  /**
   * The couple of a homomorphic key, which serves no other. The owner is in the key, so that somebody who sees a digest in
   * a proposal gains nothing by registering it first. Key: owner, digest.
   */
  heKey: keyParts,
  /** The couple of a draw chain's anchor, likewise. Key: owner, digest. */
  anchor: keyParts,
  /** The couple of an unanswered request. Key: model owner, dataset, request number. */
  openRequest: keyParts,
  /** A couple that trained on a dataset. Key: dataset, couple. */
  trained: trainedModel,
  /** An attempt of a couple. Key: couple, attempt. */
  round,
  /** A host's answer. Key: couple, attempt, subset index, slot. */
  job: trainJob,
  /** What became of a subset in a round. Key: couple, attempt, subset index. */
  settlement,
  /** A host's word in a contested subset. Key: couple, attempt, subset index, slot. */
  reveal,
  /** What verdicts leave on a participant. Key: participant, couple, attempt, subset index or -, slot or -, kind. */
  conduct: conductRecord,
} as const;
