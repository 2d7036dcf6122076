import type { DatasetDeadlines, DatasetView } from '@veritrain/client-sdk';
import { defaultSubsetsPerRound } from '@veritrain/client-sdk/protocol';
import {
  createModelOwnerTrainer,
  expectedPrecisionBits,
  resultBits,
  type ModelOwnerTrainer,
  type Template,
  type TrainingProgram,
} from '@veritrain/training';
import { requireAgreement } from '../models/agreedProgram.js';
import type { ActionContext } from '../calls/context.js';
import { fetchProgram, fetchTemplate } from '../models/documents.js';
import type { Member } from '../profile/member.js';
import { askEndorsed } from '../calls/submit.js';
import { newOwnId } from '../calls/newOwnId.js';

export interface PlanCoupleInput {
  datasetId: string;
  modelId: string;
  /** The model's, where it is not registered yet. */
  program?: TrainingProgram | undefined;
  rounds: number;
  /** Default: a quarter of the rounds. */
  spareAttempts?: number | undefined;
  /** Default: half of the subsets, within the dataset's rules. */
  subsetsPerRound?: number | undefined;
  /** How long the couple may rest before anyone may cancel it. Default: as long as the owner has to answer, within its rules. */
  idleMs?: number | undefined;
  /** Default: a fresh one. */
  coupleId?: string | undefined;
}

/** What a training would come to, before anybody agreed to it. */
export interface CouplePlan {
  coupleId: string;
  datasetId: string;
  modelId: string;
  rounds: number;
  spareAttempts: number;
  subsets: number;
  subsetsPerRound: number;
  replicas: number;
  protection: 'plain' | 'encrypted';
  idleMs: number;
  /** The dataset's, which the couple takes over. */
  deadlines: DatasetDeadlines;
  /** TrainJobs of one round, and of all. */
  jobsPerRound: number;
  jobs: number;
  /** Bytes of one model and of one update, and of all that would travel. */
  messageBytes: number;
  trafficBytes: number;
  /** Bits of an update that are free of the encryption's noise; null where the training is plain. */
  expectedPrecisionBits: number | null;
  /** Bits that a weight of the model is rounded to, behind the binary point, in standardised units; null likewise. */
  resultBits: number | null;
  /** Rounds of the dataset that nobody holds yet. */
  lifetimeRoundsLeft: number;
}

export interface PlannedCouple {
  plan: CouplePlan;
  trainer: ModelOwnerTrainer;
}

/**
 * Works out what a training would come to, from the ledger and the dataset's template. Writes nothing.
 *
 * @throws OBJECT_MISSING, DIGEST_MISMATCH, OTHER_PROGRAM, OTHER_TEMPLATE
 */
export async function planCouple(
  member: Member,
  input: PlanCoupleInput,
  context: ActionContext,
): Promise<PlannedCouple> {
  const dataset = await askEndorsed(member, 'GetDataset', { datasetId: input.datasetId }, context);
  const template = await fetchTemplate(member, dataset, context);
  const program =
    input.program ?? (await registeredProgram(member, input.modelId, { dataset, template }, context));
  const coupleId = input.coupleId ?? newOwnId('tc', member.market);
  const trainer = await createModelOwnerTrainer({
    program,
    template,
    secret: member.market.keyring.coupleSecret(coupleId),
    ...member.market.place,
    couple: coupleId,
  });
  const messageBytes = trainer.modelForRound(trainer.initialState(), 1).length;
  return {
    plan: planOf({ ...input, coupleId }, { dataset, template, program, messageBytes }),
    trainer,
  };
}

/** A registered model's program, compared with what the ledger says of it. */
async function registeredProgram(
  member: Member,
  modelId: string,
  { dataset, template }: Pick<Known, 'dataset' | 'template'>,
  context: ActionContext,
): Promise<TrainingProgram> {
  const model = await askEndorsed(member, 'GetModel', { modelId }, context);
  const program = await fetchProgram(member, model, context);
  requireAgreement({ program, template }, { ...model, subsets: dataset.subsets });
  return program;
}

interface Known {
  dataset: DatasetView;
  template: Template;
  program: TrainingProgram;
  messageBytes: number;
}

function planOf(input: PlanCoupleInput & { coupleId: string }, known: Known): CouplePlan {
  const { dataset, template, program, messageBytes } = known;
  const subsetsPerRound = input.subsetsPerRound ?? defaultSubsetsPerRound(dataset);
  const jobsPerRound = subsetsPerRound * dataset.replicas;
  const jobs = jobsPerRound * input.rounds;
  return {
    coupleId: input.coupleId,
    datasetId: input.datasetId,
    modelId: input.modelId,
    rounds: input.rounds,
    spareAttempts: input.spareAttempts ?? Math.ceil(input.rounds / 4),
    subsets: dataset.subsets,
    subsetsPerRound,
    replicas: dataset.replicas,
    protection: program.protection,
    idleMs: input.idleMs ?? Math.min(dataset.deadlines.answerMs, dataset.requestRules.mostIdleMs),
    deadlines: dataset.deadlines,
    jobsPerRound,
    jobs,
    messageBytes,
    // A round's model goes up once and down to each host; updates go up from each and down once for each subset.
    trafficBytes: messageBytes * input.rounds * (1 + 2 * jobsPerRound + subsetsPerRound),
    expectedPrecisionBits: expectedPrecisionBits(program, template),
    resultBits: resultBits(program, template),
    lifetimeRoundsLeft: dataset.lifetimeRounds - dataset.reservedRounds,
  };
}
