import type { Model } from '@veritrain/client-sdk';
import { type Codebook, codebookSchema, type TrainingProgram } from '@veritrain/training';
import type { OnnxFile } from '@veritrain/training/onnx';
import type { ActionContext } from '../calls/action.js';
import { type Row, readTableInput } from '../datasets/tableInput.js';
import { checkArgument } from '../home/userInput.js';
import type { Member } from '../profile/member.js';
import { codebookFor, readCodebook } from './codebook.js';
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
    const { model } = await findTrainedModel(this.member, of, context);
    return new TrainingResult(model, codebookFor(this.member.home, model));
  }
}

/** For a model whose levels are codes: see `PublishTableOptions`. */
export interface CodebookOption {
  /** What the codes stand for: the path of a `codebook.json` that the data owner gave, or its content. */
  readonly codebook?: string | Codebook;
}

/** A trained model, which only this member holds. */
export class TrainingResult {
  constructor(
    /** Its family and its numbers by name, in the units of the table. */
    readonly model: TrainedModel,
    /** What the codes of its recipe stand for, where this member split the dataset itself. */
    private readonly own?: Codebook,
  ) {}

  /**
   * Predicts each row of a table: a CSV file's path, its bytes, or rows by column. Finds columns by name; a table with the
   * target also gives figures of how good the predictions are. Where levels are codes, rows have codes; with the codebook they may have
   * texts. It need not be given where this member split the dataset itself.
   * @throws TrainingError naming row and column, LEVELS_ARE_CODES, CODEBOOK_DOES_NOT_FIT; FILE_MISSING, FILE_INVALID, WRONG_ARGUMENT of
   * a codebook
   */
  predict(table: string | Uint8Array | readonly Row[], { codebook }: CodebookOption = {}): Predictions {
    const { csv, source, written } = readTableInput(table);
    return predictRows(this.model, csv, source, { ...written, codebook: codebookIn(codebook) ?? this.own });
  }

  /**
   * The model as an ONNX file that takes raw rows, for programs that know nothing of Veritrain. Where levels are codes, it takes codes;
   * a codebook that is given puts the texts into the file.
   * @throws TrainingError MODEL_INVALID for a family whose models have no form in ONNX, CODEBOOK_DOES_NOT_FIT; FILE_MISSING,
   * FILE_INVALID, WRONG_ARGUMENT of a codebook
   */
  async onnx({ codebook }: CodebookOption = {}): Promise<OnnxFile> {
    return onnxFile(this.model, codebookIn(codebook));
  }
}

function codebookIn(codebook: CodebookOption['codebook']): Codebook | undefined {
  if (codebook === undefined) return undefined;
  return typeof codebook === 'string' ? readCodebook(codebook) : checkArgument(codebookSchema, codebook);
}
