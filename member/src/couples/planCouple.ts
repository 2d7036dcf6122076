import type { Aggregation, DatasetDeadlines, DatasetView } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { defaultSubsetsPerRound, mostDrawn } from '@veritrain/client-sdk/protocol';
import {
  createModelOwnerTrainer,
  DEFAULT_VALUES_PER_MOMENT,
  expectedPrecisionBits,
  messageSizes,
  programMoments,
  resultBits,
  shownMoments,
  type MessageSizes,
  type ModelOwnerTrainer,
  type PrivacyTerms,
  type ShownMoments,
  type Template,
  type TrainingProgram,
} from '@veritrain/training';
import { type ActionContext, askEndorsed, newOwnId, submit } from '../calls/action.js';
import { fetchProgram, fetchTemplate } from '../models/documents.js';
import { requireAgreement } from '../models/modelProgram.js';
import type { Member } from '../profile/member.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import type { AnsweredCouple } from './answerCouple.js';
import { measureRound, type MeasuredSteps } from './measureRound.js';
import { recordedPace, type RecordedPace } from './recordedPace.js';

/** What `planCouple` needs. */
export interface PlanCoupleInput {
  /** The dataset to train on, `ds_…`. */
  datasetId: string;
  /** The model to train, `md_…`. */
  modelId: string;
  /** The model's program, if it is not registered yet. */
  program?: TrainingProgram | undefined;
  /** Rounds of training, at most the `mostRounds` of the dataset's rules. */
  rounds: number;
  /** Attempts beyond the rounds, for rounds that expire. Default: a quarter of the rounds. */
  spareAttempts?: number | undefined;
  /** Subsets that each round draws. Default: half of the subsets, within the dataset's rules. */
  subsetsPerRound?: number | undefined;
  /** The idle time after which any member may cancel the couple. Default: the owner's time to answer, within its rules. */
  idleMs?: number | undefined;
  /** Default: a new id. */
  coupleId?: string | undefined;
  /** Whether to measure what members compute: some tenths of a second, up to five seconds for a wide model. Default: false. */
  measure?: boolean | undefined;
}

/** The size and terms of a training, before anybody agrees to it. */
export interface CouplePlan {
  /** The couple's id, `tc_…`. */
  coupleId: string;
  /** The dataset's id, `ds_…`. */
  datasetId: string;
  /** The model's id, `md_…`. */
  modelId: string;
  /** Rounds of training. */
  rounds: number;
  /** Attempts beyond the rounds, for rounds that expire. */
  spareAttempts: number;
  /** Subsets of the dataset. */
  subsets: number;
  /** Subsets that each round draws; of a dataset with `sum` whole batches, until there are so many. */
  subsetsPerRound: number;
  /** Hosts of each subset. */
  replicas: number;
  /** `sum`: the model owner learns sums over batches of subsets, which are drawn whole, and the update of none. */
  aggregation: Aggregation;
  /** What the training runs: the family of the model, and what the family has to know. */
  program: TrainingProgram;
  /** `encrypted`: no host ever sees the model. `plain`: hosts see it. */
  protection: 'plain' | 'encrypted';
  /** The dataset's differential privacy, by its template; null for a dataset without. */
  privacy: PrivacyTerms | null;
  /**
   * Sums over the rows of the smallest subset, or batch, that the model owner learns, against the values of these rows; null with
   * differential privacy. A data owner's agent rejects a request with fewer values for each sum than its owner accepts.
   */
  shown: PlannedMoments | null;
  /** The idle time after which any member may cancel the couple. */
  idleMs: number;
  /** The dataset's deadlines, which apply to the couple. */
  deadlines: DatasetDeadlines;
  /** TrainJobs of one round: drawn subsets × replicas, at most. */
  jobsPerRound: number;
  /** TrainJobs of all rounds, without spare attempts. */
  jobs: number;
  /** Sizes of the public key, a model, an update and a subset's first update. */
  messageSizes: MessageSizes;
  /** Uploads and downloads of all members over all rounds, without spare attempts. */
  trafficBytes: number;
  /** Bits of an update that are free of the encryption's noise; null for plain training. */
  expectedPrecisionBits: number | null;
  /** Bits behind the binary point that a weight is rounded to, in standardised units; null for plain training. */
  resultBits: number | null;
  /** How long rounds of this dataset took so far; null where no training of it has finished. */
  recordedPace: RecordedPace | null;
  /**
   * Milliseconds that this machine takes for what members compute, measured on made-up rows. Calls on the ledger and transfers are not
   * in it. Null where it was not asked for, for private datasets and encrypted data, and where it takes more than five seconds.
   */
  measuredMs: MeasuredSteps | null;
  /** Milliseconds from a round's opening to the last of its deadlines: no round takes longer. */
  longestRoundMs: number;
  /** Rounds of the dataset that no couple has reserved. */
  lifetimeRoundsLeft: number;
}

/** What a program shows of a subset's rows. */
export interface PlannedMoments extends ShownMoments {
  /** What an owner accepts that chose nothing else; what it did choose is not public. */
  usualLeast: number;
}

/** A plan, and the trainer that carries it out. */
export interface PlannedCouple {
  /** Size and terms. */
  plan: CouplePlan;
  /** The model owner's trainer for this couple; its keys derive from the couple's id. */
  trainer: ModelOwnerTrainer;
}

/**
 * Plans a training from the ledger and the dataset's template. Writes nothing.
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
  const pace = await recordedPace(member, input.datasetId, context);
  const subsetsPerRound = input.subsetsPerRound ?? defaultSubsetsPerRound(dataset);
  const drawn = mostDrawn(dataset, subsetsPerRound);
  const measured = input.measure === true ? await measureRound({ program, template, drawn }, context) : null;
  const known = { dataset, template, program, pace, drawn, measured };
  return { plan: planOf({ ...input, coupleId, subsetsPerRound }, known), trainer };
}

/** Fetches a registered model's program and compares it with the ledger's facts. */
async function registeredProgram(
  member: Member,
  modelId: string,
  { dataset, template }: Pick<Known, 'dataset' | 'template'>,
  context: ActionContext,
): Promise<TrainingProgram> {
  const model = await askEndorsed(member, 'GetModel', { modelId }, context);
  const program = await fetchProgram(member, model, context);
  const { subsets, aggregation } = dataset;
  requireAgreement({ program, template }, { ...model, subsets, aggregation });
  return program;
}

interface Known {
  dataset: DatasetView;
  template: Template;
  program: TrainingProgram;
  pace: RecordedPace | null;
  /** Subsets, at most. */
  drawn: number;
  measured: MeasuredSteps | null;
}

function planOf(
  input: PlanCoupleInput & { coupleId: string; subsetsPerRound: number },
  known: Known,
): CouplePlan {
  const { dataset, template, program, drawn } = known;
  const sizes = messageSizes(program, template.features, template.aggregation);
  const jobsPerRound = drawn * dataset.replicas;
  const jobs = jobsPerRound * input.rounds;
  const size = {
    rounds: input.rounds,
    subsets: dataset.subsets,
    subsetsPerRound: drawn,
    replicas: dataset.replicas,
  };
  return {
    coupleId: input.coupleId,
    datasetId: input.datasetId,
    modelId: input.modelId,
    rounds: input.rounds,
    spareAttempts: input.spareAttempts ?? Math.ceil(input.rounds / 4),
    subsets: dataset.subsets,
    subsetsPerRound: input.subsetsPerRound,
    replicas: dataset.replicas,
    aggregation: dataset.aggregation,
    program,
    protection: program.protection,
    privacy: template.privacy ?? null,
    shown: template.privacy === undefined ? momentsOf(program, template) : null,
    idleMs: input.idleMs ?? Math.min(dataset.deadlines.answerMs, dataset.requestRules.mostIdleMs),
    deadlines: dataset.deadlines,
    jobsPerRound,
    jobs,
    messageSizes: sizes,
    trafficBytes: trafficBytesOf(size, sizes),
    expectedPrecisionBits: expectedPrecisionBits(program, template),
    resultBits: resultBits(program, template),
    recordedPace: known.pace,
    measuredMs: known.measured,
    longestRoundMs: dataset.deadlines.startMs + dataset.deadlines.attestMs,
    lifetimeRoundsLeft: dataset.lifetimeRounds - dataset.reservedRounds,
  };
}

const momentsOf = (program: TrainingProgram, template: Template): PlannedMoments => ({
  ...shownMoments(template, programMoments(program, template)),
  usualLeast: DEFAULT_VALUES_PER_MOMENT,
});

/**
 * Per round, the model is uploaded once and downloaded by each host; each host uploads an update, and the model owner
 * downloads one for each subset. The first update of a subset is larger in families with a set-up; if there are enough
 * rounds, each subset is taken to be drawn.
 */
export function trafficBytesOf(
  {
    rounds,
    subsets,
    subsetsPerRound,
    replicas,
  }: Pick<CouplePlan, 'rounds' | 'subsets' | 'subsetsPerRound' | 'replicas'>,
  { modelBytes, updateBytes, firstUpdateBytes }: MessageSizes,
): number {
  const models = rounds * (1 + subsetsPerRound * replicas);
  const draws = rounds * subsetsPerRound;
  const firstDraws = Math.min(subsets, draws);
  const updates = draws * updateBytes + firstDraws * (firstUpdateBytes - updateBytes);
  return models * modelBytes + (replicas + 1) * updates;
}

/**
 * Requests a planned training. Stores the couple's homomorphic public key for hosts; its digest and the anchor of this
 * owner's draw chain go into the request.
 *
 * @throws refusals of RequestTraining; errors of the vault
 */
export async function requestCouple(
  member: Member,
  { plan, trainer }: PlannedCouple,
  context: ActionContext,
): Promise<AnsweredCouple> {
  const keyDigest = await putPublicDocument(member.market, trainer.heKey(), context.signal);
  const { anchor } = ownDrawChain(member.market, 'modelOwner', plan.coupleId, plan);
  const { result, write } = await submit(
    member,
    'RequestTraining',
    {
      coupleId: plan.coupleId,
      datasetId: plan.datasetId,
      modelId: plan.modelId,
      rounds: plan.rounds,
      spareAttempts: plan.spareAttempts,
      subsetsPerRound: plan.subsetsPerRound,
      anchor,
      heKeyDigest: plan.protection === 'plain' ? null : keyDigest,
      idleMs: plan.idleMs,
    },
    context,
  );
  return { couple: result, writes: [write] };
}
