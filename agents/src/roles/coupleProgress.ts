import { trainerStateSchema, type RoundMetrics, type TrainerState } from '@veritrain/training';
import { z } from 'zod';
import type { CoupleHome } from '../runtime/memberHome.js';
import { StateFile } from '../runtime/stateFile.js';

const progressSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** The last attempt that the state takes in, also when nothing came of it. */
  attempt: z.int().min(0),
  trainer: trainerStateSchema,
});

/** How far a model owner has come with a couple. */
export interface Progress {
  readonly attempt: number;
  readonly trainer: TrainerState;
}

/** What one started attempt came to. */
export interface RoundResult {
  readonly attempt: number;
  readonly model: { readonly weights: readonly number[]; readonly intercept: number };
  readonly metrics: RoundMetrics;
  /** Subsets whose update went into the model, ascending. */
  readonly usedSubsets: readonly number[];
}

const resultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  attempt: z.int().min(1),
  model: z.strictObject({ weights: z.array(z.number()), intercept: z.number() }),
  metrics: z.strictObject({
    attempt: z.int(),
    rounds: z.int(),
    gradientNorm: z.number(),
    step: z.number(),
    precisionBits: z.number().nullable(),
    unusable: z.array(z.strictObject({ subset: z.int(), reason: z.string() })),
    finished: z.boolean(),
  }),
  usedSubsets: z.array(z.int()),
});

/** What came of a started attempt, kept beside the state for whoever wants to see the training. */
export const roundResultFile = (home: CoupleHome, attempt: number): StateFile<z.infer<typeof resultSchema>> =>
  new StateFile(home.roundPath(attempt), resultSchema);

/** The progress on disk. It is a function of the ledger and the updates: losing it costs a replay. */
export class ProgressFile {
  private readonly file: StateFile<z.infer<typeof progressSchema>>;

  constructor(home: CoupleHome) {
    this.file = new StateFile(home.statePath, progressSchema);
  }

  /** Undefined where there is none yet, or where it was damaged and set aside. */
  read(onDamaged: (keptAs: string, cause: unknown) => void): Progress | undefined {
    return this.file.readUndamaged(onDamaged);
  }

  write({ attempt, trainer }: Progress): void {
    this.file.write({ schemaVersion: 1, attempt, trainer });
  }
}
