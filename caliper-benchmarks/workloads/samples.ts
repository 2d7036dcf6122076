import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const sample = z.strictObject({
  /** The contract's name of the transaction, such as `SubmitUpdate`. */
  transaction: z.string(),
  transactionId: z.string().nullable(),
  /** Time of the proposal, in milliseconds since the epoch. */
  createdAt: z.number(),
  /** From the proposal to the commit, or to the failure, in milliseconds. */
  latencyMs: z.number(),
  committed: z.boolean(),
  /** The worker's number of the transaction's story, if it has one. */
  story: z.int().optional(),
});
export type Sample = z.infer<typeof sample>;

/** A story of which every step was committed. Times are milliseconds since the epoch. */
const finishedStory = z.strictObject({ story: z.int(), startedAt: z.number(), endedAt: z.number() });
export type FinishedStory = z.infer<typeof finishedStory>;

const sampleFile = z.strictObject({
  /** Caliper's number of the round, from 0. */
  round: z.int(),
  /** Caliper's number of the worker, from 0. */
  worker: z.int(),
  samples: z.array(sample),
  /** The stories that were completed during the round, in order of completion. */
  stories: z.array(finishedStory).optional(),
  /** Why the workload was aborted, which Caliper's exit status does not show; null if it was not. */
  failure: z.string().nullable(),
});
export type SampleFile = z.infer<typeof sampleFile>;

/** The folder of the files, in Caliper's workspace, unless this environment variable names another. */
export const resultsVariable = 'VERITRAIN_CALIPER_RESULTS';
export const defaultResults = 'results';

const named = /^round-\d+-worker-\d+\.json$/;

/** Writes one worker's measurements of one round: `round-<n>-worker-<n>.json`. */
export function writeSamples(folder: string, file: SampleFile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `round-${file.round}-worker-${file.worker}.json`), JSON.stringify(file));
}

/** All files of a folder. @throws Error for a malformed one */
export const readSamples = (folder: string): SampleFile[] =>
  readdirSync(folder)
    .filter((name) => named.test(name))
    .map((name) => sampleFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
