import type { Decision } from '../models/scores.js';
import type { Graph, Port, Value } from './graph.js';
import { elementType } from './schema.js';

/** Scores, rows × scores, and whether a row has a value that the recipe refuses, rows × 1. */
export interface Scored {
  readonly scores: Value;
  readonly isRefused: Value;
}

/** Writes a class as the table does. */
export type WriteClass = (value: number) => number | string;

/** What scores say, as nodes: the outputs of the model. Of a refused row they are NaN, or an empty text. */
export function decisionGraph(graph: Graph, scored: Scored, decision: Decision, write: WriteClass): Port[] {
  const { scores, isRefused } = scored;
  const unlessRefused = (value: Value, name?: string): Value =>
    graph.node('Where', [isRefused, graph.doubles([NaN], [1, 1]), value], {}, name);
  if (decision.kind === 'number') {
    flatten(graph, unlessRefused(scores), 'prediction');
    return [{ name: 'prediction', kind: 'double', says: 'The target, in its unit.' }];
  }
  const { name, says, of, place } = classFigures[decision.kind](graph, scores);
  unlessRefused(of, name);
  const classes = decision.classes.map(write);
  return [labelPort(graph, place, classes, isRefused), { name, kind: 'double', width: classes.length, says }];
}

/** What a model gives for each class, rows × classes, and the place of the class that it predicts, rows × 1. */
interface ClassNodes {
  readonly name: string;
  readonly says: string;
  readonly of: Value;
  readonly place: Value;
}

const classFigures: Readonly<
  Record<Exclude<Decision['kind'], 'number'>, (graph: Graph, scores: Value) => ClassNodes>
> = {
  largest: (graph, scores) => ({
    name: 'scores',
    says: 'One for each class; the largest is predicted.',
    of: scores,
    place: largest(graph, scores),
  }),
  classLogOdds: (graph, scores) => ({
    name: 'probabilities',
    says: 'Of each class; the largest is predicted.',
    of: graph.node('Softmax', [logLogistic(graph, scores)], { axis: 1 }),
    place: largest(graph, scores),
  }),
  logOdds(graph, scores) {
    const one = graph.doubles([1], [1, 1]);
    const second = graph.node('Div', [one, graph.node('Add', [one, exponentialOfNegated(graph, scores)])]);
    const isSecond = graph.node('GreaterOrEqual', [second, graph.doubles([0.5], [1, 1])]);
    return {
      name: 'probabilities',
      says: 'Of each class; the second is the prediction.',
      of: graph.node('Concat', [graph.node('Sub', [one, second]), second], { axis: 1 }),
      place: graph.node('Cast', [isSecond], { to: elementType.int64 }),
    };
  },
};

const largest = (graph: Graph, scores: Value): Value =>
  graph.node('ArgMax', [scores], { axis: 1, keepdims: 1 });

const exponentialOfNegated = (graph: Graph, value: Value): Value =>
  graph.node('Exp', [graph.node('Neg', [value])]);

/** log(1 / (1 + exp(−z))) = min(z, 0) − log(1 + exp(−|z|)), which no z overflows. */
function logLogistic(graph: Graph, z: Value): Value {
  const small = exponentialOfNegated(graph, graph.node('Abs', [z]));
  const log = graph.node('Log', [graph.node('Add', [graph.doubles([1], [1, 1]), small])]);
  return graph.node('Sub', [graph.node('Min', [z, graph.doubles([0], [1, 1])]), log]);
}

/** The class of each row, by its place: texts, or the numbers that the table has. */
function labelPort(
  graph: Graph,
  place: Value,
  classes: readonly (number | string)[],
  isRefused: Value,
): Port {
  const texts = classes.filter((value) => typeof value === 'string');
  const areTexts = texts.length === classes.length;
  const known = areTexts ? graph.texts(texts) : graph.doubles(classes.map(Number), [classes.length]);
  const none = areTexts ? graph.texts(['']) : graph.doubles([NaN], [1]);
  const label = graph.node('Gather', [known, place], { axis: 0 });
  flatten(graph, graph.node('Where', [isRefused, none, label]), 'label');
  return { name: 'label', kind: areTexts ? 'string' : 'double', says: 'The likeliest class.' };
}

/** A column as a list. */
const flatten = (graph: Graph, column: Value, name: string): Value =>
  graph.node('Reshape', [column, graph.integers([-1])], {}, name);
