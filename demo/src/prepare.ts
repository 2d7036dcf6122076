import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Aggregation } from '@veritrain/client-sdk';
import { limits } from '@veritrain/client-sdk/schemas';
import { memberError } from '@veritrain/member/errors';
import { notDropped, readTableFile, requireOneRule, withTexts } from '@veritrain/member/datasets';
import {
  chooseProgram,
  type CsvOptions,
  type HeldOutChoice,
  parseFeatureMap,
  parseTable,
  type ProgramWish,
  type ReadFacts,
  type PrivacyChoices,
  type RecipeChoices,
  rowTableOf,
  splitPrivately,
  splitTable,
  type Table,
  type TrainingProgram,
} from '@veritrain/training';
import type { Tell } from './events.js';
import { planSlots, type SlotPlan } from './slots.js';

/** The Diabetes table that ships with the package. */
export const builtInTable = fileURLToPath(new URL('../data/diabetes.csv', import.meta.url));

/** Which market to run, on which table. */
export interface DemoOptions {
  /** Path of a CSV or Parquet file of 30 to 100,000 rows. Default: {@link builtInTable}. */
  readonly data?: string | undefined;
  /** The column to predict. */
  readonly target: string;
  /** Numbers or classes; `auto` goes by the target. */
  readonly task: ProgramWish['task'];
  /** The kind of model. Default: one that fits. */
  readonly family?: ProgramWish['family'];
  /** A feature map as people write it, such as `random-layer:units=200`. Default: columns as they are. */
  readonly features?: string | undefined;
  /** How the file is written, where it is not to be recognised. */
  readonly written?: CsvOptions;
  /** What becomes of columns of text and of missing values. */
  readonly recipe?: RecipeChoices;
  /**
   * Part of the rows that no host gets, to show what the model is worth on them: 0.01 to 0.5, or 0 for none. Default: 0.2,
   * where the table has rows enough.
   */
  readonly testShare?: number | undefined;
  /** Parts into which the rows are split, 2 to 1000. */
  readonly subsets: number;
  /** `sum`: the model owner learns sums over batches of three parts or more, and the update of none; it needs three parts. */
  readonly aggregation: Aggregation;
  /** Hosts of each part, 1 to 15, to 7 with sums; from 3 on a liar can be convicted, and one host is told to lie. */
  readonly replicas: number;
  /** Rounds of training, 1 to 5000. */
  readonly rounds: number;
  /** Every secret, key, id and draw derives from it, so that a run can be repeated exactly. */
  readonly seed?: string | undefined;
  /** Differential privacy: hosts get moments with noise in place of rows. Default: none, and hosts get rows. */
  readonly privacy?: PrivacyChoices | undefined;
  /** Path of the page to write. */
  readonly report: string;
  /** On real Fabric and Fabric CA in place of the embedded ledger. */
  readonly fabric: boolean;
  /** With the vault in MinIO in place of a folder. */
  readonly minio: boolean;
  /** Leaves profiles, logs and the ledger where they are. */
  readonly keep: boolean;
}

/** What is known before anything is started. */
export interface Prepared {
  /** The file as CSV. */
  readonly csv: Uint8Array;
  /** How it is written, as the user said. */
  readonly written: CsvOptions;
  /** The file's name, without its folder. */
  readonly source: string;
  /** The rows that are trained on, and those that are set aside. */
  readonly table: Table & ReadFacts;
  /** How the data owner draws the same rows. */
  readonly heldOut: HeldOutChoice | undefined;
  /** As the user said. */
  readonly recipe: RecipeChoices;
  readonly plan: SlotPlan;
  /** What is to be trained. */
  readonly program: TrainingProgram;
  /** Absolute. */
  readonly reportPath: string;
}

/** One run of the demo, which every part of it works with. */
export interface DemoRun extends Prepared {
  readonly options: DemoOptions;
  /** Holds everything of the run. */
  readonly folder: string;
  /** The program that runs a member's agent. */
  readonly command: string;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/**
 * Reads and checks all that the user gave, so that a wrong cell is found before anything is started.
 * @throws TrainingError naming row and column, or the number of subsets that the rows allow; FILE_INVALID,
 * FILE_MISSING, WRONG_ARGUMENT
 */
export async function prepare({
  data = builtInTable,
  target,
  task,
  family,
  features,
  written: given = {},
  recipe: choices = {},
  testShare,
  seed,
  privacy,
  subsets,
  aggregation,
  replicas,
  report,
}: DemoOptions): Promise<Prepared> {
  const reportPath = checkReportPath(resolve(report));
  const featureMap = features === undefined ? undefined : parseFeatureMap(features);
  const { csv, source, texts, ...opened } = await readTableFile(data, notDropped(choices));
  const written = { ...given, ...opened.written };
  const recipe = withTexts(choices, texts);
  const heldOut = heldOutChoice(testShare, seed, privacy !== undefined);
  const table = parseTable(csv, { ...written, ...recipe, heldOut, target, source });
  const program = chooseProgram({ task, family, featureMap, isPrivate: privacy !== undefined }, table);
  // Only to see whether it can be split: the data owner splits it by its own secret.
  requireOneRule({ privacy, aggregation });
  const trial = { subsets, seed: new Uint8Array(1), ...(aggregation === 'sum' && { aggregation }) };
  if (privacy === undefined) splitTable(table, trial);
  else splitPrivately(rowTableOf(table), { ...trial, privacy });
  checkReplicas(aggregation, replicas);
  return {
    csv,
    written,
    recipe,
    heldOut,
    source,
    table,
    program,
    plan: planSlots(subsets, replicas),
    reportPath,
  };
}

/** The contract refuses more; here nothing has started yet. */
function checkReplicas(aggregation: Aggregation, replicas: number): void {
  const { maxReplicasOfSums: most } = limits;
  if (aggregation !== 'sum' || replicas <= most) return;
  throw memberError('VT9001', `--replicas: with sums only, a part has at most ${most} hosts.`, {
    facts: { replicas, most },
  });
}

function heldOutChoice(
  share: number | undefined,
  seed: string | undefined,
  unstratified: boolean,
): HeldOutChoice | undefined {
  if (share === 0) return undefined;
  const ofDraw =
    seed === undefined ? randomBytes(32) : createHash('sha256').update(`held-out/${seed}`).digest();
  return { share: share ?? defaultTestShare, seed: ofDraw, orNone: share === undefined, unstratified };
}

const defaultTestShare = 0.2;

/** A report that cannot be written would only be noticed at the end of the run. */
function checkReportPath(path: string): string {
  const refuse = (why: string, cause?: unknown): never => {
    throw memberError('VT9001', `--report: ${why}.`, {
      facts: { path },
      hint: 'Name a file in a folder that exists and may be written to.',
      cause,
    });
  };
  if (!existsSync(dirname(path))) refuse(`there is no folder ${dirname(path)}`);
  if (existsSync(path) && !statSync(path).isFile()) refuse(`${path} is not a file`);
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch (cause) {
    refuse(`${path} cannot be written`, cause);
  }
  return path;
}
