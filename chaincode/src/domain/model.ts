import { z } from 'zod';
import { modelId, participantId } from './ids.js';
import { protection } from './dataset.js';
import { digest, transactionId } from './primitives.js';

export const modelFields = {
  modelId,
  /** Digest of the training program, which every replica runs bit for bit. */
  programDigest: digest,
  /** Digest of the model's architecture. */
  architectureDigest: digest,
  protection,
};

/** Architecture, training program and protection, each pinned by its digest. */
export const model = z.strictObject({
  ...modelFields,
  /** The model owner. */
  ownerId: participantId,
  transactionId,
});
/** A model, as the ledger has it. */
export interface Model extends z.infer<typeof model> {}
