import { readFileSync } from 'node:fs';
import { everyPage, type Market, type TrainCouple } from '@veritrain/client-sdk';
import { digestSchema } from '@veritrain/client-sdk/schemas';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  classesOf,
  evaluateModel,
  type ModelMetric,
  parseRows,
  predict,
  privacyTermsSchema,
  recipeSchema,
  taskOf,
  trainedResultSchema,
  type Codebook,
  type CsvOptions,
  type OtherLevels,
  type TableReading,
} from '@veritrain/training';
import { z } from 'zod';
import { type ActionContext, ask } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import { writeAtomically } from '../home/ownFiles.js';
import { StateFile } from '../home/stateFile.js';
import type { Member } from '../profile/member.js';

/** The form of a trained model's file, which `veritrain model verify` reads. */
export const trainedModelSchema = z.strictObject({
  /** The form of the file: 3. */
  schemaVersion: z.literal(3),
  /** The training that made it, `tc_…`. */
  coupleId: z.string(),
  /** The dataset that it was trained on, `ds_…`. */
  datasetId: z.string(),
  /** The registered model, `md_…`. */
  modelId: z.string(),
  /** The digest of the training program. */
  programDigest: digestSchema,
  /** The column that it predicts. */
  target: z.string(),
  /** The features, in the order of the model's numbers. */
  columns: z.array(z.string()),
  /** How columns of a table become those features. Absent where each is one as it is. */
  recipe: recipeSchema.optional(),
  /** The differential privacy of the rows that it was trained on. Absent where they have none. */
  privacy: privacyTermsSchema.optional(),
  /** Family and parameters, rounded as `trainer.result` gives them. */
  ...trainedResultSchema.shape,
  /** Rounds whose updates went into it. */
  rounds: z.int().min(0),
  /** 32 secret bytes in hex: without them nobody can test a guessed model against the digest on the ledger. */
  salt: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A trained model, in the units of its table's columns. Only its owner has it; the ledger has its salted digest. */
export interface TrainedModel extends z.infer<typeof trainedModelSchema> {}

/** The file of a couple's trained model at its model owner; its bytes are those of {@link encodeTrainedModel}. */
export const trainedModelFile = (home: MemberHome, coupleId: string): StateFile<TrainedModel> =>
  new StateFile(home.couple(coupleId).resultPath, trainedModelSchema);

/** The salt of a couple's model, derived from the keyring, so that a restarted agent writes the same bytes. */
export function modelSalt({ keyring, place }: Pick<Market, 'keyring' | 'place'>, coupleId: string): string {
  const { channel, chaincode } = place;
  return Buffer.from(keyring.derive('final-model', channel, chaincode, coupleId)).toString('hex');
}

/** The canonical text of a model, with fields in the schema's order. The ledger keeps its digest. */
export const encodeTrainedModel = (model: TrainedModel): Uint8Array =>
  Buffer.from(JSON.stringify(trainedModelSchema.parse(model)));

/** Writes the model's document. @returns the digest for the ledger */
export function writeTrainedModel(home: MemberHome, model: TrainedModel): string {
  const bytes = encodeTrainedModel(model);
  writeAtomically(home.couple(model.coupleId).resultPath, bytes);
  return digestOf(bytes);
}

/** A trained model whose bytes match the ledger, and the couple that it is from. */
export interface FoundModel {
  /** The model. */
  model: TrainedModel;
  /** The finished couple, whose `finalModelDigest` is the model's. */
  couple: TrainCouple;
}

/**
 * Reads this owner's trained model of a couple, or of a model's last finished couple, and checks its bytes against the
 * digest on the ledger.
 *
 * @param of `tc_…` or `md_…`
 * @throws NOT_READY, NOT_FOUND, LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function findTrainedModel(
  member: Member,
  of: string,
  context: ActionContext,
): Promise<FoundModel> {
  const couple = of.startsWith('md_')
    ? await lastFinished(member, of, context)
    : await ask(member, 'GetCouple', { coupleId: of }, context);
  const { coupleId, state, finalModelDigest } = couple;
  if (finalModelDigest === null) {
    throw memberError('VT9204', `${coupleId} is ${state}: it has no finished model.`, {
      facts: { coupleId, state, rounds: couple.startedRounds },
    });
  }
  const model = trainedModelFile(member.home, coupleId).read();
  if (model === undefined) {
    throw memberError('VT9203', `This profile does not hold the model of ${coupleId}; its owner does.`, {
      facts: { coupleId, owner: couple.modelOwnerId },
    });
  }
  if (digestOf(readFileSync(member.home.couple(coupleId).resultPath)) !== finalModelDigest) {
    throw memberError('VT9205', `The model file of ${coupleId} is not the one that the ledger names.`, {
      facts: { coupleId, finalModelDigest },
    });
  }
  return { model, couple };
}

async function lastFinished(member: Member, modelId: string, context: ActionContext): Promise<TrainCouple> {
  let last: TrainCouple | undefined;
  await ask(member, 'GetModel', { modelId }, context);
  const couples = everyPage(member.market.couples.list, { modelId, state: 'finished' }, context);
  for await (const couple of couples) {
    if (last === undefined || (couple.endedAt?.time ?? 0) >= (last.endedAt?.time ?? 0)) last = couple;
  }
  if (last !== undefined) return last;
  throw memberError('VT9204', `${modelId} has no finished training yet.`, { facts: { modelId } });
}

/**
 * Checks a model against the salted digest of the couple's final model on the ledger.
 * @returns the digest
 * @throws NOT_READY, NOT_WHAT_WAS_PROMISED
 */
export async function verifyTrainedModel(
  member: Member,
  model: TrainedModel,
  context: ActionContext,
): Promise<string> {
  const { coupleId } = model;
  const { state, finalModelDigest } = await ask(member, 'GetCouple', { coupleId }, context);
  if (finalModelDigest === null)
    throw memberError('VT9204', `${coupleId} is ${state}: the ledger names no model for it.`, {
      facts: { coupleId, state },
    });
  const digest = digestOf(encodeTrainedModel(model));
  if (digest === finalModelDigest) return digest;
  throw memberError('VT9205', `The file is not the model that the ledger names for ${coupleId}.`, {
    facts: { coupleId, finalModelDigest, digest },
  });
}

/** The columns that a model reads, and its target. */
export function neededBy({
  columns,
  recipe,
  target,
}: Pick<TrainedModel, 'columns' | 'recipe' | 'target'>): (column: string) => boolean {
  const names = new Set([...(recipe?.columns.map(({ column }) => column) ?? columns), target]);
  return (column) => names.has(column.trim().normalize('NFC'));
}

/** What a model says of the rows of a table. */
export interface Predictions {
  /** For each row of the table, in its order: the target in its unit; of a classifier, the probability of the second class. */
  predictions: number[];
  /** Of a model of two classes: the values of the target, the negative class and the positive one; texts of a target of text. */
  classes?: readonly [number | string, number | string];
  /**
   * Of a model of two classes: the likelier class of each row, the second at a probability of ½. Of a target of more texts: the
   * text of each prediction.
   */
  predictedClasses?: (number | string)[];
  /** The target's values, if the table has it, as the table writes them. */
  targets?: (number | string)[];
  /** What the predictions are worth, if the table has the target; the first figure above all. */
  metrics?: ModelMetric[];
  /** Columns of the table that the model does not know. */
  ignored: string[];
  /** Texts that have no feature of their own, and what they counted as. */
  otherLevels: OtherLevels[];
  /** How the table was read. */
  reading: TableReading;
}

/** How rows are written. */
export interface RowsForm extends CsvOptions {
  /** What the codes of the model's recipe stand for: rows may have those texts, too. Default: rows have the codes. */
  readonly codebook?: Codebook | undefined;
}

/**
 * Predicts each row of a CSV file. Finds columns by name. What it needs of a Parquet file: {@link neededBy}.
 * @param form how the file is written; default: recognised, levels as the model names them
 * @throws TrainingError naming row and column; VT7014 for a target that is none of a classifier's classes; VT7018 for texts where the
 * model knows codes, VT7019 for a codebook of another dataset
 */
export function predictRows(
  model: TrainedModel,
  csv: Uint8Array,
  source: string,
  form: RowsForm = {},
): Predictions {
  const { columns, recipe, target } = model;
  const rows = parseRows(csv, { ...form, columns, recipe, target, source });
  const { reading } = rows;
  const predictions = [...predict(rows, model)];
  const written = (value: number): number | string => model.recipe?.classes?.[value] ?? value;
  const decided = classesOf(model, predictions);
  const hasTexts = model.recipe?.classes !== undefined && taskOf(model.family) === 'classification';
  const said = {
    predictions,
    ...(decided && {
      classes: [written(decided.classes[0]), written(decided.classes[1])] as const,
      predictedClasses: decided.predictedClasses.map(written),
    }),
    ...(!decided && hasTexts && { predictedClasses: predictions.map(written) }),
    ignored: [...rows.ignored],
    otherLevels: [...rows.otherLevels],
    reading,
  };
  if (rows.targets === undefined) return said;
  const { targets } = rows;
  const metrics = [...evaluateModel({ ...rows, targets }, model)];
  return { ...said, targets: Array.from(targets, written), metrics };
}

/** One number of a model, with the column that it belongs to. */
export interface NamedParameter {
  /** The parameter's name, such as `weights`, `intercept` or `classes 1`. */
  readonly parameter: string;
  /** The column that the number weighs; null for a number of the whole model. */
  readonly column: string | null;
  /** The number, in the units of the table. */
  readonly value: number;
}

const byColumn = ['weights', 'means', 'scales'];

/**
 * Every number of a model by name, for people. Weights and what columns are standardised by have a number for each column, of
 * several classes one behind the other; entries of other lists are counted, and so are those of a model on mapped features.
 */
export function namedParameters({
  columns,
  parameters,
  features,
}: Pick<TrainedModel, 'columns' | 'parameters' | 'features'>): NamedParameter[] {
  const width = columns.length;
  return Object.entries(parameters).flatMap(([parameter, values]): NamedParameter[] => {
    if (typeof values === 'number') return [{ parameter, column: null, value: values }];
    return values.map((value, index) => {
      const column = columns[index % width];
      if (column === undefined || features !== undefined || !byColumn.includes(parameter))
        return { parameter: `${parameter} ${index + 1}`, column: null, value };
      const ofClass = values.length > width ? ` ${Math.floor(index / width) + 1}` : '';
      return { parameter: `${parameter}${ofClass}`, column, value };
    });
  });
}
