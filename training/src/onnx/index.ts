/**
 * A trained model as an ONNX file, recipe and feature map inside, for programs that know nothing of Veritrain.
 * @module
 */
import { codedColumnsOf } from '../data/recipe/codebook.js';
import type { Recipe } from '../data/recipe/recipe.js';
import { asTheyAre } from '../data/rows.js';
import { TrainingError } from '../errors.js';
import { isMapped, mappedWidth } from '../maps/mappedRows.js';
import { takesTableUnits } from '../maps/registry.js';
import { familyOf } from '../models/registry.js';
import type { TrainedResult } from '../models/result.js';
import type { ModelScores } from '../models/scores.js';
import { decisionGraph } from './decisionGraph.js';
import { Graph, type Value } from './graph.js';
import { cutTo, mapGraph } from './mapGraphs.js';
import { recipeGraph, type RawColumns } from './recipeGraph.js';
import { encodeModel, IR_VERSION, ML_OPSET, OPSET } from './schema.js';

export type { RawColumns } from './recipeGraph.js';

/** A trained model, and how columns of a table become its features. */
export interface OnnxSource extends TrainedResult {
  /** The column that it predicts. */
  readonly target: string;
  /** The features, in their order. */
  readonly columns: readonly string[];
  /** How columns of a table become those features. Absent where each is one as it is. */
  readonly recipe?: Recipe | undefined;
}

/** An ONNX file, and the columns of a row in the order of its inputs. */
export interface OnnxFile extends RawColumns {
  /** The file. */
  readonly bytes: Uint8Array;
}

/**
 * A model as an ONNX file: IR 8, operators 17, `ai.onnx.ml` 3. It takes raw rows, `numbers` (double, rows × columns; NaN: no value)
 * and `texts` (string, rows × columns; empty: no value), each only where there are such columns, in the order that its metadata
 * says; `codes` there names those of `texts` that have codes in place of texts. It gives `prediction` (double, rows) of a number; `label` and `probabilities` of two classes; `label` and `scores` of more.
 * A label is a text of a target of texts, else a double. Where the recipe refuses a value, a row's outputs are NaN or empty.
 * Numbers are double throughout: outputs are those of `predict` but for the order of sums.
 *
 * @param metadata more texts for the file's own metadata, by name
 * @throws TrainingError VT7301 for a family that is not there or has no such form, VT7302, VT7501
 */
export function encodeOnnx(model: OnnxSource, metadata: Readonly<Record<string, string>> = {}): OnnxFile {
  const scores = scoresOf(model);
  const { target, columns, recipe, family } = model;
  const graph = new Graph();
  const raw = recipeGraph(graph, recipe ?? asTheyAre(columns));
  const width = columns.length;
  const sum = graph.node('ReduceSum', [raw.features, graph.integers([1])], { keepdims: 1 });
  const isRefused = graph.node('IsNaN', [sum]);
  const scored = { isRefused, scores: scoreGraph(graph, mappedGraph(graph, raw.features, model), scores) };
  const write = (value: number): number | string => recipe?.classes?.[value] ?? value;
  const outputs = decisionGraph(graph, scored, scores.decision, write);
  const { numbers, texts, inputs } = raw;
  const codes = codedColumnsOf(recipe);
  const facts = { target, family, features: String(width), ...columnFacts(raw, codes), ...metadata };
  const bytes = encodeModel({
    ir_version: IR_VERSION,
    producer_name: 'veritrain',
    doc_string: `Predicts ${target} from raw rows, by a ${family} model.`,
    opset_import: [
      { domain: '', version: OPSET },
      { domain: 'ai.onnx.ml', version: ML_OPSET },
    ],
    metadata_props: Object.entries(facts).map(([key, value]) => ({ key, value })),
    graph: graph.document('veritrain', inputs, outputs),
  });
  return { bytes, numbers, texts };
}

const columnFacts = ({ numbers, texts }: RawColumns, codes: readonly string[]): Record<string, string> => ({
  numbers: JSON.stringify(numbers),
  texts: JSON.stringify(texts),
  ...(codes.length > 0 && { codes: JSON.stringify(codes) }),
});

/** @throws TrainingError VT7301, VT7501 */
function scoresOf(model: OnnxSource): ModelScores {
  const family = familyOf(model.family);
  // Judges the parameters and their widths.
  family.predictor(model.parameters, featuresOf(model));
  const scores = family.scores?.(model.parameters);
  if (scores !== undefined) return hasOnes(model) ? withoutOnes(scores) : scores;
  const what = `models of the family ${model.family} have no scores, and so no form in ONNX`;
  throw new TrainingError('VT7301', what, { family: model.family });
}

/** Features that the family gets. @throws TrainingError VT7302 */
function featuresOf({ columns, features, family }: OnnxSource): number {
  if (features === undefined) return columns.length;
  return mappedWidth({ map: features.map, hasOnes: familyOf(family).wantsOnes }, columns.length);
}

const hasOnes = ({ features, family }: OnnxSource): boolean =>
  features !== undefined && isMapped(features.map) && familyOf(family).wantsOnes;

/** The same scores of all features but the last, which is 1. */
function withoutOnes({ weights, intercepts, ...others }: ModelScores): ModelScores {
  const width = weights.length / intercepts.length;
  return {
    ...others,
    weights: weights.filter((_, place) => place % width !== width - 1),
    intercepts: intercepts.map((own, score) => own + weights[(score + 1) * width - 1]!),
  };
}

/** The program's map, of columns in the table's units. */
function mappedGraph(graph: Graph, columns: Value, { features }: OnnxSource): Value {
  if (features === undefined || !isMapped(features.map)) return columns;
  const { map, means, scales } = features;
  const own = takesTableUnits(map) ? columns : standardised(graph, columns, { means, scales });
  return mapGraph(graph, own, map, means.length);
}

function standardised(
  graph: Graph,
  value: Value,
  { means, scales }: { readonly means: readonly number[]; readonly scales: readonly number[] },
): Value {
  const moved = graph.node('Sub', [value, graph.doubles(means, [1, means.length])]);
  return graph.node('Div', [moved, graph.doubles(scales, [1, scales.length])]);
}

const standardisedRows = (
  graph: Graph,
  features: Value,
  { means, scales, largest }: NonNullable<ModelScores['standardised']>,
): Value =>
  cutTo(graph, standardised(graph, features, { means, scales }), { least: -largest, most: largest });

/** Rows × scores. */
function scoreGraph(graph: Graph, features: Value, model: ModelScores): Value {
  const { standardised: by, weights, intercepts } = model;
  const count = intercepts.length;
  const width = weights.length / count;
  const rows = by === undefined ? features : standardisedRows(graph, features, by);
  const matrix = graph.doubles(weights, [count, width]);
  const product = graph.node('MatMul', [rows, graph.node('Transpose', [matrix], { perm: [1, 0] })]);
  return graph.node('Add', [product, graph.doubles(intercepts, [1, count])]);
}
