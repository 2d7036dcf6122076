import type { Market } from '@veritrain/client-sdk';
import { digestSchema } from '@veritrain/client-sdk/schemas';
import { digestOf } from '@veritrain/client-sdk/vault';
import { z } from 'zod';
import type { MemberHome } from '../home/memberHome.js';
import { StateFile, writeAtomically } from '../home/stateFile.js';

/** A trained linear model in the units of its table's columns: `target = weights · row + intercept`. */
export const trainedModelSchema = z.strictObject({
  schemaVersion: z.literal(2),
  coupleId: z.string(),
  datasetId: z.string(),
  modelId: z.string(),
  programDigest: digestSchema,
  target: z.string(),
  /** In the order of the weights. */
  columns: z.array(z.string()),
  /** Rounded, as `trainer.result` gives them. */
  weights: z.array(z.number()),
  intercept: z.number(),
  /** Rounds whose updates went into it. */
  rounds: z.int().min(0),
  /** 32 secret bytes in hex: without them nobody can test a guessed model against the digest on the ledger. */
  salt: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TrainedModel = z.infer<typeof trainedModelSchema>;

export const trainedModelFile = (home: MemberHome, coupleId: string): StateFile<TrainedModel> =>
  new StateFile(home.couple(coupleId).resultPath, trainedModelSchema);

/** The salt of a couple's model, from the model owner's keyring: a restarted agent writes the same bytes. */
export function modelSalt({ keyring, place }: Pick<Market, 'keyring' | 'place'>, coupleId: string): string {
  const { channel, chaincode } = place;
  return Buffer.from(keyring.derive('final-model', channel, chaincode, coupleId)).toString('hex');
}

/** The one text of a model: fields in the schema's order. Its digest is what the ledger keeps. */
export const encodeTrainedModel = (model: TrainedModel): Uint8Array =>
  Buffer.from(JSON.stringify(trainedModelSchema.parse(model)));

/** Writes the model's document. @returns the digest of its exact bytes, which the ledger keeps */
export function writeTrainedModel(home: MemberHome, model: TrainedModel): string {
  const bytes = encodeTrainedModel(model);
  writeAtomically(home.couple(model.coupleId).resultPath, bytes);
  return digestOf(bytes);
}
