import type { Decision } from '../models/scores.js';
import type { Graph, Port, Value } from './graph.js';

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
  const nan = graph.doubles([NaN], [1, 1]);
  const unlessRefused = (value: Value, name: string): Value =>
    graph.node('Where', [isRefused, nan, value], {}, name);
  if (decision.kind === 'number') {
    flatten(graph, graph.node('Where', [isRefused, nan, scores]), 'prediction');
    return [{ name: 'prediction', kind: 'double', says: 'The target, in its unit.' }];
  }
  const classes = decision.classes.map(write);
  if (decision.kind === 'largest') {
    const label = graph.node('ArgMax', [scores], { axis: 1, keepdims: 1 });
    unlessRefused(scores, 'scores');
    const says = 'One for each class; the largest is predicted.';
    return [
      labelPort(graph, label, classes, isRefused),
      { name: 'scores', kind: 'double', width: classes.length, says },
    ];
  }
  const one = graph.doubles([1], [1, 1]);
  const negated = graph.node('Exp', [graph.node('Neg', [scores])]);
  const second = graph.node('Div', [one, graph.node('Add', [one, negated])]);
  const isSecond = graph.node('GreaterOrEqual', [second, graph.doubles([0.5], [1, 1])]);
  const label = graph.node('Cast', [isSecond], { to: 7 });
  const first = graph.node('Sub', [one, second]);
  unlessRefused(graph.node('Concat', [first, second], { axis: 1 }), 'probabilities');
  const says = 'Of each class; the second is the prediction.';
  return [
    labelPort(graph, label, classes, isRefused),
    { name: 'probabilities', kind: 'double', width: 2, says },
  ];
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
