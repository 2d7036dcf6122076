import type { DatasetView, TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  type Exposure,
  type ModelMetric,
  programExposes,
  resultBits,
  taskOf,
  type Task,
  type Template,
  type TrainingProgram,
} from '@veritrain/training';
import { type ActionContext, ask } from '../calls/action.js';
import { notedSteps, type StepCounts } from '../home/coupleFiles.js';
import type { Member } from '../profile/member.js';
import { codebookFor } from './codebook.js';
import { fetchTemplate } from './documents.js';
import { agreedProgram } from './modelProgram.js';
import { findTrainedModel, predictRows, type RowsForm, type TrainedModel } from './trainedModel.js';

/** A transaction of the ledger that a member signed. */
export interface SignedStep {
  /** What it says. */
  readonly step: 'datasetOffered' | 'trainingRequested' | 'trainingApproved' | 'modelRecorded';
  /** The member that signed it. */
  readonly by: string;
  /** Its id on the ledger. */
  readonly transactionId: string;
}

/** Figures of a model on the rows of a table that its owner has. */
export interface CardFigures {
  /** The table's file. */
  readonly source: string;
  /** `sha256:…` of its bytes. */
  readonly digest: string;
  /** Its rows. */
  readonly rows: number;
  /** The figures. */
  readonly metrics: readonly ModelMetric[];
}

/** What is known of a trained model, from documents and the ledger alone. */
export interface ModelCard {
  /** Always 1. */
  readonly schemaVersion: 1;
  /** The model. */
  readonly model: {
    /** Its id, `md_…`. */
    readonly modelId: string;
    /** Its owner. */
    readonly ownerId: string;
    /** Salted digest of the trained numbers, as on the ledger. */
    readonly digest: string;
    /** The column that it predicts. */
    readonly target: string;
    /** A number, or classes. */
    readonly task: Task;
    /** What ran: family, what it has to know, feature map, protection. */
    readonly program: TrainingProgram;
    /** Digest of that program. */
    readonly programDigest: string;
    /** How many numbers the model has. */
    readonly numbers: number;
  };
  /** The rows that it learnt from. */
  readonly data: {
    /** The dataset's id, `ds_…`. */
    readonly datasetId: string;
    /** Its owner. */
    readonly ownerId: string;
    /** Digest of the template: columns, recipe, statistics. */
    readonly templateDigest: string;
    /** Rows of all subsets. */
    readonly rows: number;
    /** Rows of each subset. */
    readonly subsetRows: readonly number[];
    /** Features, in their order. */
    readonly features: readonly string[];
    /** How columns become features; null where each is one as it is. */
    readonly recipe: Template['recipe'] | null;
    /** Hosts of each subset. */
    readonly replicas: number;
  };
  /** How it was trained. */
  readonly training: {
    /** The couple's id, `tc_…`. */
    readonly coupleId: string;
    /** Rounds that went into the model. */
    readonly rounds: number;
    /** Rounds that hosts worked for. */
    readonly startedRounds: number;
    /** Subsets that a round drew. */
    readonly subsetsPerRound: number;
    /** Unusual steps of the optimiser, where its owner noted them. */
    readonly steps: StepCounts | null;
    /** Bits behind the binary point that its numbers keep in standardised units; null of plain training. */
    readonly resultBits: number | null;
    /** What its owner recorded on the ledger at the end. */
    readonly recorded: TrainCouple['metrics'];
  };
  /** Figures on rows of a table of the owner's own; null where none was given. */
  readonly figures: CardFigures | null;
  /** What bounds what anyone learns of rows. */
  readonly privacy: {
    /** What the model owner can work out of each subset that was drawn. */
    readonly exposure: Exposure;
    /** Terms of the dataset by name, as on the ledger, such as aggregation and lifetime rounds. */
    readonly terms: Readonly<Record<string, unknown>>;
    /** Terms that its template adds; empty where it has none. */
    readonly templateTerms: Readonly<Record<string, unknown>>;
  };
  /** Who signed what, in order. */
  readonly signed: readonly SignedStep[];
}

/** A table of the owner's own, with the target. */
export interface CardTable {
  /** The file's bytes. */
  readonly csv: Uint8Array;
  /** Its name. */
  readonly source: string;
  /** How it is written. Default: recognised, texts by the split of the dataset in this profile if the model's levels are codes. */
  readonly form?: RowsForm;
}

/**
 * Gathers a finished model's card. Invents nothing: what is not recorded is null or absent.
 * @param asked a training (`tc_…`) or a model (`md_…`), and a table to measure it on; without the target that gives no figures
 * @throws NOT_READY, NOT_FOUND, LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED, OBJECT_MISSING, DIGEST_MISMATCH; TrainingError of the table
 */
export async function modelCard(
  member: Member,
  { of, table }: { of: string; table?: CardTable | undefined },
  context: ActionContext,
): Promise<ModelCard> {
  const { model, couple } = await findTrainedModel(member, of, context);
  const { datasetId } = couple;
  const dataset = await ask(member, 'GetDataset', { datasetId }, context);
  const { templateDigest } = dataset;
  const template = await fetchTemplate(member, dataset, context);
  const program = await agreedProgram(member, couple, context, template);
  return {
    schemaVersion: 1,
    model: modelFacts(model, couple, program),
    data: {
      datasetId,
      ownerId: dataset.ownerId,
      templateDigest,
      rows: template.rows,
      subsetRows: template.subsetRows,
      features: template.columns,
      recipe: template.recipe ?? null,
      replicas: couple.terms.replicas,
    },
    training: {
      coupleId: couple.coupleId,
      rounds: model.rounds,
      startedRounds: couple.startedRounds,
      subsetsPerRound: couple.terms.subsetsPerRound,
      steps: notedSteps(member.home.couple(couple.coupleId), couple.attempts) ?? null,
      resultBits: resultBits(program, template),
      recorded: couple.metrics,
    },
    figures: table === undefined ? null : figuresOf(model, withCodebook(member, model, table)),
    privacy: {
      exposure: programExposes(program),
      terms: without(dataset, identity),
      templateTerms: without(template, plainTemplate),
    },
    signed: signedSteps(dataset, couple),
  };
}

function modelFacts(model: TrainedModel, couple: TrainCouple, program: TrainingProgram): ModelCard['model'] {
  return {
    modelId: model.modelId,
    ownerId: couple.modelOwnerId,
    digest: couple.finalModelDigest ?? '',
    target: model.target,
    task: taskOf(model.family),
    program,
    programDigest: model.programDigest,
    numbers: Object.values(model.parameters).flat().length,
  };
}

const withCodebook = ({ home }: Member, model: TrainedModel, { form, ...table }: CardTable): CardTable => ({
  ...table,
  form: { ...form, codebook: form?.codebook ?? codebookFor(home, model) },
});

function figuresOf(model: TrainedModel, { csv, source, form }: CardTable): CardFigures | null {
  const { predictions, metrics } = predictRows(model, csv, source, form);
  return metrics === undefined ? null : { source, digest: digestOf(csv), rows: predictions.length, metrics };
}

/** Fields of a dataset that say which it is, or in which state: the others are its terms, those of later versions too. */
const identity = [
  'datasetId',
  'ownerId',
  'state',
  'transactionId',
  'templateDigest',
  'subsets',
  'replicas',
].concat(['deadlines', 'ready', 'readySubsets', 'reservedRounds']);
/** Fields of a template that describe the table. */
const plainTemplate = [
  'schemaVersion',
  'target',
  'recipe',
  'columns',
  'rows',
  'features',
  'subsetRows',
  'statistics',
];

const without = (of: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));

function signedSteps(dataset: DatasetView, couple: TrainCouple): SignedStep[] {
  const { dataOwnerId, modelOwnerId, requestedAt, answeredAt, endedAt } = couple;
  const steps: readonly (readonly [SignedStep['step'], string, string | undefined])[] = [
    ['datasetOffered', dataset.ownerId, dataset.transactionId],
    ['trainingRequested', modelOwnerId, requestedAt.transactionId],
    ['trainingApproved', dataOwnerId, answeredAt?.transactionId],
    ['modelRecorded', modelOwnerId, endedAt?.transactionId],
  ];
  return steps.flatMap(([step, by, transactionId]) =>
    transactionId === undefined ? [] : [{ step, by, transactionId }],
  );
}
