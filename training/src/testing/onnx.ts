import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import type { OnnxFile } from '../onnx/index.js';

env.wasm.numThreads = 1;

/** What an ONNX file says of rows: each output as a list, row by row. */
export interface OnnxOutputs {
  readonly prediction?: readonly number[];
  readonly label?: readonly (number | string)[];
  readonly probabilities?: readonly number[];
  readonly scores?: readonly number[];
}

/** Runs an ONNX file with ONNX Runtime on rows of cells by the names of their columns. */
export async function runOnnx(
  { bytes, numbers, texts }: OnnxFile,
  rows: readonly Readonly<Record<string, string>>[],
): Promise<OnnxOutputs> {
  const session = await InferenceSession.create(bytes);
  const cells = (columns: readonly string[]): string[] =>
    rows.flatMap((row) => columns.map((column) => row[column]!));
  const feeds: Record<string, Tensor> = {};
  if (numbers.length > 0) {
    const values = cells(numbers).map((cell) => (cell === '' ? NaN : Number(cell)));
    feeds.numbers = new Tensor('float64', Float64Array.from(values), [rows.length, numbers.length]);
  }
  if (texts.length > 0) feeds.texts = new Tensor('string', cells(texts), [rows.length, texts.length]);
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, [...(data as Float64Array)]]),
  );
}

/** Largest difference, relative to the size of the numbers. */
export const gapOf = (found: readonly number[], wanted: ArrayLike<number>): number =>
  Math.max(
    ...found.map((value, row) => Math.abs(value - wanted[row]!) / Math.max(1, Math.abs(wanted[row]!))),
  );
