import { trainerStateSchema, type TrainerState } from '@veritrain/training';
import { z } from 'zod';
import { type CoupleHome, StateFile } from '@veritrain/member/home';

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
