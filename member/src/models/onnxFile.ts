import type { OnnxFile } from '@veritrain/training/onnx';
import type { TrainedModel } from './trainedModel.js';

/**
 * A trained model as an ONNX file that takes raw rows, recipe and feature map inside; see `encodeOnnx` of
 * `@veritrain/training/onnx`. Its metadata names training, dataset, model, program and rounds. The salt stays out, so that the
 * file alone does not say whether it is the model that the ledger names.
 * @throws TrainingError VT7301 for a family whose models have no form in ONNX
 */
export async function onnxFile(model: TrainedModel): Promise<OnnxFile> {
  // Its writer is needed by nobody else.
  const { encodeOnnx } = await import('@veritrain/training/onnx');
  const { coupleId, datasetId, modelId, programDigest, rounds } = model;
  return encodeOnnx(model, { coupleId, datasetId, modelId, programDigest, rounds: String(rounds) });
}
