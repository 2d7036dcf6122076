import { z } from 'zod';
import type { FamilyTemplate } from '../maps/mappedRows.js';
import { TrainingError } from '../errors.js';
import type { ModelFamily } from '../models/family.js';
import { schemaFault } from '../schemaFault.js';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Everything a model owner must keep between rounds. JSON in, JSON out, without loss. */
export const trainerStateSchema = z.strictObject({
  /** Always 3. */
  schemaVersion: z.literal(3),
  /** Digest of the training program. */
  programDigest: digest,
  /** Digest of the dataset's template. */
  templateDigest: digest,
  /** Last applied attempt; 0 before the first. */
  attempt: z.number().int().min(0),
  /** Rounds that brought at least one usable update. */
  rounds: z.number().int().min(0),
  /** Early stopping says that there is nothing left to gain. */
  finished: z.boolean(),
  /** Norm of the first full gradient, 0 before it is known. */
  firstGradientNorm: z.number().min(0),
  /** Rounds in a row whose gradient was under the tolerance of early stopping. */
  calmRounds: z.number().int().min(0),
  /** What the family of the program keeps: its schema is the family's. */
  model: z.unknown(),
});

/** Everything a model owner must keep between rounds. See {@link trainerStateSchema}. */
export interface TrainerState extends z.infer<typeof trainerStateSchema> {}

/** The state before the first round. */
export function firstState(
  family: ModelFamily,
  digests: Pick<TrainerState, 'programDigest' | 'templateDigest'>,
  template: FamilyTemplate,
  head: unknown,
): TrainerState {
  return {
    schemaVersion: 3,
    ...digests,
    attempt: 0,
    rounds: 0,
    finished: false,
    firstGradientNorm: 0,
    calmRounds: 0,
    model: family.firstState(template, head),
  };
}

/** What a state has to belong to. */
interface StateOwner {
  readonly family: ModelFamily;
  readonly template: FamilyTemplate;
  /** Of the program. */
  readonly head: unknown;
  /** The state before the first round. */
  readonly first: TrainerState;
}

/** A state as it was given out, for this program and dataset. @throws TrainingError VT7504 */
export function checkState(value: unknown, { family, template, head, first }: StateOwner): TrainerState {
  const parsed = trainerStateSchema.safeParse(value);
  if (!parsed.success)
    throw new TrainingError(
      'VT7504',
      'the trainer state cannot be read',
      {},
      schemaFault(parsed.error).cause,
    );
  const state = parsed.data;
  const model = family.stateSchema.safeParse(state.model);
  if (!model.success)
    throw new TrainingError('VT7504', 'the trainer state cannot be read', {}, schemaFault(model.error).cause);
  const fits =
    state.programDigest === first.programDigest &&
    state.templateDigest === first.templateDigest &&
    family.fits(model.data, template, head);
  if (!fits) throw new TrainingError('VT7504', 'the trainer state belongs to another program or dataset');
  return { ...state, model: model.data };
}
