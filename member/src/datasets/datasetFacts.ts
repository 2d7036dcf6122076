import { existsSync, readFileSync } from 'node:fs';
import { aggregationSchema, digestSchema } from '@veritrain/client-sdk/schemas';
import {
  DEFAULT_LEAST_CELL,
  DEFAULT_VALUES_PER_MOMENT,
  type RecipeNote,
  type SplitReport,
  type TableReading,
} from '@veritrain/training';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import { StateFile } from '../home/stateFile.js';

/** Subsets whose rows are counted together, in a dataset of sums. */
const batch = z.array(z.int());

const leastCells = z.strictObject({
  column: z.string(),
  kind: z.enum(['value', 'extreme']),
  bySubset: z.array(
    z.strictObject({
      value: z.number(),
      text: z.string().optional(),
      count: z.int(),
      batch: batch.optional(),
    }),
  ),
});

const pairCell = z.strictObject({
  columns: z.tuple([z.string(), z.string()]),
  values: z.tuple([z.number(), z.number()]),
  kind: z.enum(['value', 'extreme']),
  count: z.int(),
  batch: batch.optional(),
});

const bin = z.strictObject({ from: z.number(), to: z.number(), rows: z.int() });

/** How the rows were distributed: the properties of the split, and whether they hold. */
export const splitReportSchema = z.strictObject({
  rule: z.enum(['target', 'feature', 'rank', 'random']),
  column: z.string(),
  bins: z.array(bin),
  counts: z.array(z.array(z.int())),
  subsetRows: z.array(z.int()),
  noSubsetHasEveryBin: z.boolean(),
  noSubsetHasTheWholeRange: z.boolean(),
  noBinHasAMajority: z.boolean(),
  /** Empty in reports of earlier versions: publishing counts again. */
  leastCells: z.array(leastCells).default([]),
  /** Empty in reports of earlier versions: the first request whose program shows third moments counts. */
  pairCells: z.array(pairCell).default([]),
  /** Absent in reports of earlier versions, and for a dataset with differential privacy. */
  shown: z
    .strictObject({ moments: z.int(), subsets: z.array(z.int()), rows: z.int(), values: z.int() })
    .optional(),
  notes: z.array(z.string()),
});

const tableReadingSchema = z.strictObject({
  madeFrom: z.literal('parquet').optional(),
  compressed: z.boolean(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  delimiter: z.string(),
  decimal: z.enum(['.', ',']).optional(),
  thousands: z.enum([',', '.', ' ', "'", 'none']).optional(),
  leftOut: z.int(),
});

const columnNote = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('filled'),
    column: z.string(),
    rows: z.int(),
    fill: z.union([z.number(), z.string()]),
    flag: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('merged'),
    column: z.string(),
    levels: z.int(),
    rows: z.int(),
    into: z.string(),
  }),
  z.strictObject({ kind: z.literal('leftOut'), column: z.string(), level: z.string(), rows: z.int() }),
  z.strictObject({ kind: z.literal('countsRows'), column: z.string() }),
  z.strictObject({ kind: z.literal('saysTarget'), column: z.string(), correlation: z.number() }),
]);

const privacySchema = z.strictObject({
  /** As in the template. */
  epsilon: z.number(),
  /** As in the template. */
  delta: z.number(),
  /** As in the template. */
  clip: z.number(),
  /** As in the template. */
  domain: z.enum(['stated', 'observed']),
  /** Of the table's file. */
  tableDigest: digestSchema,
  /** The most epsilon that the owner stated for the table. */
  budget: z.number().optional(),
});

const datasetFactsSchema = z.strictObject({
  /** The form of the file: 1. */
  schemaVersion: z.literal(1),
  /** The dataset's id, `ds_…`. */
  datasetId: z.string(),
  /** The file's name, without its folder. */
  source: z.string(),
  reading: tableReadingSchema.optional(),
  /** The column to predict. */
  target: z.string(),
  /** Rows over all subsets: those of the table that are not set aside. */
  rows: z.int(),
  /** Features of a row, without the target. */
  features: z.int(),
  /** Rows that are set aside, in `held-out.csv` beside the packages. */
  heldOutRows: z.int().default(0),
  columnNotes: z.array(columnNote).default([]),
  /** Columns whose levels are codes: `codebook.json` beside the packages has their texts. */
  codedColumns: z.array(z.string()).default([]),
  /** The number of subsets. */
  subsets: z.int(),
  /** Whether model owners learn the update of a subset, or sums over batches of subsets alone. */
  aggregation: aggregationSchema.default('perSubset'),
  /** The template's digest, which RegisterDataset puts on the ledger. */
  templateDigest: digestSchema,
  /** The digest of each subset's package in clear, by index of the subset. Secret until VerifyInstances submits it. */
  packageDigests: z.array(digestSchema),
  /** What the dataset spends of its table's privacy once it is published. Absent for a dataset without differential privacy. */
  privacy: privacySchema.optional(),
  /** The least rows of a cell that this owner accepted: see `requireLeastCells` and `requirePairCells`. */
  leastCell: z.int().default(DEFAULT_LEAST_CELL),
  /** The least values for each moment that this owner accepted: see `requireValuesPerMoment`. */
  valuesPerMoment: z.number().default(DEFAULT_VALUES_PER_MOMENT),
  report: splitReportSchema,
});

/** A data owner's facts about a dataset that it split here. They contain no row, but counts that stay with the owner. */
export interface DatasetFacts extends Omit<
  z.infer<typeof datasetFactsSchema>,
  'reading' | 'report' | 'columnNotes'
> {
  /** How the table was read. Absent for a split by an earlier version. */
  reading?: TableReading | undefined;
  /** What the owner should know of its columns. */
  columnNotes: readonly RecipeNote[];
  /** How the rows were distributed. */
  report: SplitReport;
}

export const datasetFactsFile = (home: MemberHome, datasetId: string): StateFile<DatasetFacts> =>
  new StateFile(`${home.dataset(datasetId).folder}/dataset.json`, datasetFactsSchema);

/** The facts of a dataset; undefined where it was not split here. */
export const findDatasetFacts = (home: MemberHome, datasetId: string): DatasetFacts | undefined =>
  datasetFactsFile(home, datasetId).read();

/** Reads the facts of a dataset that was split here. @throws LOCAL_COPY_MISSING */
export function readDatasetFacts(home: MemberHome, datasetId: string): DatasetFacts {
  const facts = findDatasetFacts(home, datasetId);
  if (facts !== undefined) return facts;
  throw memberError('VT9203', `This profile holds no split of ${datasetId}.`, {
    facts: { datasetId, profile: home.folder },
    hint: 'Split the table first: `veritrain dataset split <csv> --target <column> --subsets <m>`.',
  });
}

/** Reads a file of a dataset. @throws LOCAL_COPY_MISSING */
export function readDatasetFile(path: string, datasetId: string): Uint8Array {
  if (existsSync(path)) return readFileSync(path);
  throw memberError('VT9203', `A file of ${datasetId} is missing.`, { facts: { datasetId, path } });
}
