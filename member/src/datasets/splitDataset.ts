import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Aggregation } from '@veritrain/client-sdk';
import type { Keyring } from '@veritrain/client-sdk/keys';
import {
  codedColumnsOf,
  DEFAULT_LEAST_CELL,
  DEFAULT_VALUES_PER_MOMENT,
  encodePrivatePackage,
  encodeTemplate,
  packagePieces,
  readTable,
  requireLeastCells,
  requireValuesPerMoment,
  splitRows,
  templateDigest,
  splitPrivately,
  type CsvOptions,
  type PrivacyChoices,
  type ReadFacts,
  type RecipeChoices,
  type SplitReport,
  type RowTable,
  type Template,
} from '@veritrain/training';
import { type ActionContext, newOwnId, workOf } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { DatasetHome } from '../home/memberHome.js';
import { receiveFile, writeAtomically } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { datasetFactsFile, splitReportSchema, type DatasetFacts } from './datasetFacts.js';
import { PrivacyBudget } from './privacyBudget.js';
import { RowFile } from './rowFile.js';
import { tableOptions } from './splitOptions.js';
import { chunksOf, hashed, progressOf } from './tableStream.js';

/** What `splitDataset` needs. */
export interface SplitDatasetInput {
  /** The table: text, bytes or a stream. */
  csv: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** The table's format. Default: recognised. */
  written?: CsvOptions | undefined;
  /** Columns of text, where the table's file has types: they are categories, even where their cells look like numbers. */
  texts?: readonly string[] | undefined;
  /** The table's name for messages; a path is shortened to the file's name. */
  source: string;
  /** The column to predict. */
  target: string;
  /** The number of subsets, 2 to 1000. */
  subsets: number;
  /**
   * `sum`: of fixed batches of three or more subsets, model owners learn the sum of the updates and no update by itself. Needs three
   * subsets, and least cells are counted by batch. Default: `perSubset`.
   */
  aggregation?: Aggregation | undefined;
  /**
   * What becomes of its columns. Default: texts are categories, missing values are refused, and levels of fewer than
   * 2 · subsets · leastCell rows are merged, so that most subsets have the least rows of each; by batches with `sum`.
   */
  recipe?: RecipeChoices | undefined;
  /**
   * Replaces levels by codes, in template, packages and models; what they stand for stays here as `codebook.json`. `true`: of all
   * columns of texts, else of those named; never the classes of the target. Default: none.
   */
  codes?: boolean | readonly string[] | undefined;
  /** Part of the rows that no host gets, 0.01 to 0.5; they stay here as a CSV file. Default: none. */
  heldOut?: HeldOut | undefined;
  /** Default: a new id. */
  datasetId?: string | undefined;
  /** Determines the split. Default: a secret of this member and this dataset. */
  seed?: Uint8Array | undefined;
  /** The least rows of a subset, or of a batch with `sum`, that may share a value, 1 to 1000; 1 accepts all. Default: 5. */
  leastCell?: number | undefined;
  /**
   * The least values of the rows of a subset, or of a batch with `sum`, for each sum over them that a model owner learns, 0 to 1000; 0
   * accepts all. A row has a value for each column of the table. Requests are judged by it, too. Default: 3.
   */
  valuesPerMoment?: number | undefined;
  /**
   * Differential privacy: hosts get moments with noise in place of rows, and the template's statistics have noise too. Default: none,
   * and hosts get rows.
   */
  privacy?: DatasetPrivacy | undefined;
}

/** How much a dataset may tell of a row. */
export interface DatasetPrivacy extends PrivacyChoices {
  /** The most epsilon that all datasets of this table may spend. Default: what was stated before, else this dataset's. */
  readonly budget?: number | undefined;
}

/** Which rows are set aside. */
export interface HeldOut {
  /** Part of all rows, 0.01 to 0.5, at most 100,000 rows. */
  readonly share: number;
  /** Determines the draw. Default: a secret of this member and this dataset. */
  readonly seed?: Uint8Array | undefined;
  /** Sets none aside, in place of refusing, where the table has too few rows. */
  readonly orNone?: boolean | undefined;
}

/**
 * Splits a table into subsets and makes the packages and the template, in this member's own folder. Sends nothing. A
 * repeated split of the same dataset and table makes the same bytes. The rows of the table are on disk, not in memory.
 *
 * @returns the facts, which are also written beside the packages
 * @throws TrainingError for an unusable table, naming row and column; RARE_CELL, naming a value that too few rows share;
 * TOO_MANY_MOMENTS, naming subsets that would be few enough;
 * FILE_EXISTS; PRIVACY_SPENT
 */
export async function splitDataset(
  member: Member,
  input: SplitDatasetInput,
  context: ActionContext,
): Promise<DatasetFacts> {
  const datasetId = input.datasetId ?? newOwnId('ds', member.market);
  const home = member.home.dataset(datasetId);
  const rows = RowFile.create(home.rowsPath);
  try {
    const hash = createHash('sha256');
    const table = await readTable(hashed(chunksOf(input.csv), hash), rows, {
      ...tableOptions(member.market.keyring, { ...input, datasetId }),
      onRows: progressOf(context),
    });
    const tableDigest = `sha256:${hash.digest('hex')}`;
    return await splitInto(home, member, { ...input, datasetId, tableDigest }, table, context);
  } finally {
    rows.remove();
  }
}

/** A split whose dataset has its id. */
export type NamedSplit = SplitDatasetInput & { datasetId: string };
type Read = NamedSplit & { tableDigest: string };

async function splitInto(
  home: DatasetHome,
  member: Member,
  input: Read,
  table: RowTable & ReadFacts,
  context: ActionContext,
): Promise<DatasetFacts> {
  const { datasetId, source, subsets, aggregation = 'perSubset' } = input;
  const { leastCell = DEFAULT_LEAST_CELL, valuesPerMoment = DEFAULT_VALUES_PER_MOMENT } = input;
  const { keyring } = member.market;
  const { report, template, packageOf } = await partsOf(table, input, keyring, context);
  const privacy = spendingOf(template, input);
  const budget = new PrivacyBudget(member.home);
  if (privacy === undefined) {
    requireValuesPerMoment(template, valuesPerMoment);
    requireLeastCells(report.leastCells, leastCell);
    budget.requireUnspent(input.tableDigest);
  } else budget.require(datasetId, { ...privacy, source: basename(source), rows: template.rows });
  const file = datasetFactsFile(member.home, datasetId);
  const digest = templateDigest(template);
  refuseOther(file.read(), digest, datasetId);
  const packageDigests: string[] = [];
  for (let subset = 0; subset < subsets; subset += 1)
    packageDigests.push(await writePackage(home.packagePath(subset), packageOf(subset), context));
  writeAtomically(home.templatePath, encodeTemplate(template));
  writeOwn(home, table);
  const facts: DatasetFacts = {
    schemaVersion: 1,
    datasetId,
    source: basename(source),
    reading: table.reading,
    target: table.target,
    rows: table.rows,
    features: table.features,
    heldOutRows: table.heldOut?.rows ?? 0,
    columnNotes: table.notes,
    codedColumns: codedColumnsOf(template.recipe),
    subsets,
    aggregation,
    templateDigest: digest,
    packageDigests,
    ...(privacy && { privacy }),
    leastCell,
    valuesPerMoment,
    report: splitReportSchema.parse(report),
  };
  file.write(facts);
  return facts;
}

/** A table in parts: what its owner sees, what all see, and what hosts get. */
interface Parts {
  readonly report: SplitReport;
  readonly template: Template;
  packageOf(subset: number): Iterable<Uint8Array>;
}

/** Noise is added to the moments of each subset, so there is no sum to hide them in. @throws WRONG_ARGUMENT where both are asked for */
export function requireOneRule({
  privacy,
  aggregation,
}: Pick<SplitDatasetInput, 'privacy' | 'aggregation'>): void {
  if (privacy === undefined || aggregation !== 'sum') return;
  throw memberError('VT9001', 'Moments with noise are not added up.', {
    facts: { epsilon: privacy.epsilon, aggregation },
    hint: 'Choose differential privacy (--epsilon), or sums over batches (--aggregation sum).',
  });
}

async function partsOf(
  table: RowTable,
  { datasetId, subsets, aggregation, seed, privacy }: NamedSplit,
  keyring: Keyring,
  context: ActionContext,
): Promise<Parts> {
  requireOneRule({ privacy, aggregation });
  const chosen = {
    subsets,
    seed: seed ?? keyring.derive('split', datasetId),
    ...(aggregation === 'sum' && { aggregation }),
  };
  const secretOf = (subset: number): Uint8Array => keyring.derive('shard', datasetId, subset.toString());
  if (privacy === undefined) {
    const { report, template, blocks } = await splitRows(table, { ...chosen, ...workOf(context) });
    const maskSecret = template.aggregation && keyring.derive('mask', datasetId);
    const packageOf = (subset: number): Iterable<Uint8Array> => {
      const own = { subset, blocks: blocks(subset), shardSecret: secretOf(subset) };
      return packagePieces({ template, ...own, maskSecret });
    };
    return { report, template, packageOf };
  }
  const { report, template, moments } = splitPrivately(table, { ...chosen, privacy });
  const packageOf = (subset: number): Iterable<Uint8Array> =>
    moments
      .slice(subset, subset + 1)
      .map((of) => encodePrivatePackage({ template, subset, moments: of, shardSecret: secretOf(subset) }));
  return { report, template, packageOf };
}

function spendingOf({ privacy: terms }: Template, { tableDigest, privacy }: Read): DatasetFacts['privacy'] {
  if (terms === undefined) return undefined;
  const { epsilon, delta, clip, domain } = terms;
  const { budget } = privacy ?? {};
  return { epsilon, delta, clip, domain, tableDigest, ...(budget !== undefined && { budget }) };
}

/** What stays with the owner. */
function writeOwn(home: DatasetHome, { codebook, heldOut }: ReadFacts): void {
  if (codebook) writeAtomically(home.codebookPath, `${JSON.stringify(codebook, null, 2)}\n`);
  if (heldOut) writeAtomically(home.heldOutPath, Buffer.from(heldOut.csv()));
}

/** @returns the package's digest */
async function writePackage(
  path: string,
  pieces: Iterable<Uint8Array>,
  { signal }: ActionContext,
): Promise<string> {
  const hash = createHash('sha256');
  const chunks = function* (): Generator<Uint8Array> {
    for (const chunk of pieces) {
      signal?.throwIfAborted();
      hash.update(chunk);
      yield chunk;
    }
  };
  (await receiveFile(path, chunks())).keep();
  return `sha256:${hash.digest('hex')}`;
}

function refuseOther(known: DatasetFacts | undefined, digest: string, datasetId: string): void {
  if (known === undefined || known.templateDigest === digest) return;
  throw memberError('VT9005', `${datasetId} is already a split of another table, or into other parts.`, {
    facts: { datasetId, source: known.source, subsets: known.subsets },
  });
}
