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

/** A row that names another record by its key, for lists, or that marks a value as used. */
export const keyParts: z.ZodType<readonly (string | number)[]> = z.array(z.union([z.string(), z.int()]));

/**
 * The schema of each kind of record on the ledger. A record's composite key begins with its kind; the comments give the
 * other parts. Numbers in keys have twelve digits.
 */
export const recordSchemas = {
  /** The current configuration. Its key has no other part. */
  config: marketConfig,
  /** The configuration that an organisation has confirmed. Key: MSP id. */
  confirmation: configConfirmation,
  /** The market's clock. Its key has no other part. */
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
  /** The rounds of a dataset that couples have reserved. Key: dataset. */
  datasetRounds,
  /** The subsets that are ready. Key: dataset. */
  readiness: datasetReadiness,
  /** A subset with its verified slots. Key: dataset, subset index. */
  subset: dataSubset,
  /** A slot that a host has joined at some time. Key: dataset, subset index, slot. */
  instance: cloudInstance,
  /** A participant holds one slot of a subset at most. Key: dataset, subset index, participant. */
  holder: keyParts,
  /** So does a company, where the market requires company tags. Key: dataset, subset index, company tag. */
  company: keyParts,
  /** A model. Key: model. */
  model,
  /** A couple. Key: couple. */
  couple: trainCouple,
  /**
   * The one couple that uses a homomorphic key. The record's key contains the owner, so another member gains nothing by
   * registering a digest that it has seen in a proposal. Key: owner, digest.
   */
  heKey: keyParts,
  /** The one couple that uses a draw chain's anchor. Key: owner, digest. */
  anchor: keyParts,
  /** The couple of an unanswered request. Key: model owner, dataset, request number. */
  openRequest: keyParts,
  /** A couple that trained on a dataset. Key: dataset, couple. */
  trained: trainedModel,
  /** An attempt of a couple. Key: couple, attempt. */
  round,
  /** A host's answer. Key: couple, attempt, subset index, slot. */
  job: trainJob,
  /** The outcome of a subset in a round. Key: couple, attempt, subset index. */
  settlement,
  /** A host's statement in a contested subset. Key: couple, attempt, subset index, slot. */
  reveal,
  /** A participant's conduct in a round. Key: participant, couple, attempt, subset index or -, slot or -, kind. */
  conduct: conductRecord,
} as const;
