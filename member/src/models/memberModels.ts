import type { Model } from '@veritrain/client-sdk';
import type { TrainingProgram } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import { type Row, readTableInput } from '../datasets/tableInput.js';
import type { Member } from '../profile/member.js';
import { findTrainedModel } from './findTrainedModel.js';
import { predictRows, type Predictions } from './predictRows.js';
import { registerModel } from './registerModel.js';
import type { TrainedModel } from './trainedModel.js';

/** What a model owner does with models. */
export class MemberModels {
  constructor(private readonly member: Member) {}

  /** Pins a training program on the ledger. @param id default: a fresh one; the same id makes a repeated call harmless */
  async register(program: TrainingProgram, id?: string, context: ActionContext = {}): Promise<Model> {
    return (await registerModel(this.member, { program, modelId: id }, context)).model;
  }

  /**
   * A trained model, checked against the digest on the ledger.
   * @param of a training (`tc_…`), or a model (`md_…`): its last finished training
   * @throws NOT_READY, NOT_FOUND, LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
   */
  async result(of: string, context: ActionContext = {}): Promise<TrainingResult> {
    return new TrainingResult((await findTrainedModel(this.member, of, context)).model);
  }
}

/** A trained model, in this member's hands alone. */
export class TrainingResult {
  constructor(
    /** Weights and intercept, in the units of the table. */
    readonly model: TrainedModel,
  ) {}

  /**
   * Predicts every row of a table: a CSV file's path, its bytes, or rows by column. Columns are found by name; the target, where it
   * is there, gives the mean squared error.
   * @throws TrainingError naming row and column
   */
  predict(table: string | Uint8Array | readonly Row[]): Predictions {
    const { csv, source, written } = readTableInput(table);
    return predictRows(this.model, csv, source, written);
  }
}
