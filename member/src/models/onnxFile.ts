import { type Codebook, decodeRecipe } from '@veritrain/training';
import type { OnnxFile } from '@veritrain/training/onnx';
import type { TrainedModel } from './trainedModel.js';

/**
 * A trained model as an ONNX file that takes raw rows, recipe and feature map inside; see `encodeOnnx` of
 * `@veritrain/training/onnx`. Its metadata names training, dataset, model, program and rounds. The salt stays out, so that the
 * file alone does not say whether it is the model that the ledger names.
 * @param codebook where the levels of the model are codes: puts the texts into the file. Default: it takes rows with codes
 * @throws TrainingError VT7301 for a family whose models have no form in ONNX, VT7019 for a codebook of another dataset
 */
export async function onnxFile(model: TrainedModel, codebook?: Codebook): Promise<OnnxFile> {
  // Its writer is needed by nobody else.
  const { encodeOnnx } = await import('@veritrain/training/onnx');
  const { coupleId, datasetId, modelId, programDigest, rounds } = model;
  const written = codebook === undefined ? model : { ...model, recipe: decodeRecipe(model.recipe, codebook) };
  return encodeOnnx(written, { coupleId, datasetId, modelId, programDigest, rounds: String(rounds) });
}
