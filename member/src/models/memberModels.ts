import type { Model } from '@veritrain/client-sdk';
import type { TrainingProgram } from '@veritrain/training';
import type { OnnxFile } from '@veritrain/training/onnx';
import type { ActionContext } from '../calls/action.js';
import { type Row, readTableInput } from '../datasets/tableInput.js';
import type { Member } from '../profile/member.js';
import { registerModel } from './modelProgram.js';
import { onnxFile } from './onnxFile.js';
import { findTrainedModel, type Predictions, predictRows, type TrainedModel } from './trainedModel.js';

/** A model owner's actions on models. */
export class MemberModels {
  constructor(private readonly member: Member) {}

  /** Pins a training program on the ledger. @param id default: a new id; with the same id the call can be repeated */
  async register(program: TrainingProgram, id?: string, context: ActionContext = {}): Promise<Model> {
    return (await registerModel(this.member, { program, modelId: id }, context)).model;
  }

  /**
   * Reads a trained model and checks it against the digest on the ledger.
   * @param of a training (`tc_…`), or a model (`md_…`) for its last finished training
   * @throws NOT_READY, NOT_FOUND, LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
   */
  async result(of: string, context: ActionContext = {}): Promise<TrainingResult> {
    return new TrainingResult((await findTrainedModel(this.member, of, context)).model);
  }
}

/** A trained model, which only this member holds. */
export class TrainingResult {
  constructor(
    /** Its family and its numbers by name, in the units of the table. */
    readonly model: TrainedModel,
  ) {}

  /**
   * Predicts each row of a table: a CSV file's path, its bytes, or rows by column. Finds columns by name; a table with the
   * target also gives figures of how good the predictions are.
   * @throws TrainingError naming row and column
   */
  predict(table: string | Uint8Array | readonly Row[]): Predictions {
    const { csv, source, written } = readTableInput(table);
    return predictRows(this.model, csv, source, written);
  }

  /**
   * The model as an ONNX file that takes raw rows, for programs that know nothing of Veritrain.
   * @throws TrainingError MODEL_INVALID for a family whose models have no form in ONNX
   */
  onnx(): Promise<OnnxFile> {
    return onnxFile(this.model);
  }
}
