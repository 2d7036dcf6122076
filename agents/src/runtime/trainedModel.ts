import { digest, digestOf } from '@veritrain/client-sdk';
import { z } from 'zod';
import type { MemberHome } from './memberHome.js';
import { StateFile, writeAtomically } from './stateFile.js';

/** What came of a couple: a linear model in the units of its table's columns, `target = weights · row + intercept`. */
export const trainedModelSchema = z.strictObject({
  schemaVersion: z.literal(1),
  coupleId: z.string(),
  datasetId: z.string(),
  modelId: z.string(),
  programDigest: digest,
  target: z.string(),
  /** In the order of the weights. */
  columns: z.array(z.string()),
  weights: z.array(z.number()),
  intercept: z.number(),
  /** Rounds whose updates went into it. */
  rounds: z.int().min(0),
});
export type TrainedModel = z.infer<typeof trainedModelSchema>;

export const trainedModelFile = (home: MemberHome, coupleId: string): StateFile<TrainedModel> =>
  new StateFile(home.couple(coupleId).resultPath, trainedModelSchema);

/** Writes the model's document. @returns the digest of its exact bytes, which the ledger keeps */
export function writeTrainedModel(home: MemberHome, model: TrainedModel): string {
  const bytes = Buffer.from(JSON.stringify(trainedModelSchema.parse(model)));
  writeAtomically(home.couple(model.coupleId).resultPath, bytes);
  return digestOf(bytes);
}
