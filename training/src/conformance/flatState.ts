import { ok } from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mappedTemplate } from '../maps/mappedRows.js';
import type { SubsetReply } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { expectedNoise } from '../precision.js';
import { mapUseOf, type TrainingProgram } from '../program.js';
import { messageShape } from '../trainer/messageShape.js';
import { hostNumbers, type HostNumbers } from './hostChecks.js';
import { draws, type Split } from './training.js';

const ROUNDS = 1000;
/** From here on every subset has answered, so that the state has all of its parts. */
const SETTLED = 100;
/** What tables of the runtime may take meanwhile. A copy of a small state in every round would be more. */
const MAX_GROWTH = 2 ** 22;

/**
 * 1,000 rounds of the family alone, in clear and without messages: neither what it keeps in its state nor what it keeps elsewhere
 * grows.
 */
export function flatOverRounds(split: Split, program: TrainingProgram): void {
  const { head } = program;
  const family = familyOf(program.family);
  const template = mappedTemplate(mapUseOf(program), split.template);
  const noise = expectedNoise(messageShape(program, split.template.features));
  const hosts = split.packages.map((_, subset) => hostNumbers(split, program, subset));
  let state = family.firstState(template, head);
  let settled = { size: 0, heap: 0 };
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    if (rounds === SETTLED) settled = measured(state);
    const query = family.query(state);
    const replies = drawOf(rounds).map((subset): SubsetReply => {
      const host = hosts[subset];
      if (host === undefined) throw new RangeError(`no subset ${subset}`);
      const isKnown = family.setup?.isKnown(state, subset) ?? true;
      return { subset, ...answer(host, query), ...(isKnown ? {} : { setup: host.setup }) };
    });
    ({ state } = family.step({ head, template, state, rounds }, replies, noise));
    state = family.stateSchema.parse(JSON.parse(JSON.stringify(state)));
  }
  const end = measured(state);
  ok(end.size < 1.1 * settled.size, `the state grew from ${settled.size} to ${end.size} characters`);
  ok(end.heap < settled.heap + MAX_GROWTH, `memory grew from ${settled.heap} to ${end.heap} bytes`);
}

const drawOf = (round: number): readonly number[] => draws[round % draws.length] ?? [];

/** Characters of a state, and bytes in use once garbage is gone. */
function measured(state: unknown): { readonly size: number; readonly heap: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return { size: JSON.stringify(state).length, heap: process.memoryUsage().heapUsed };
}

/** matrix·query + offset, vector by vector, and imaginary·query. */
function answer({ map }: HostNumbers, query: readonly number[]): Pick<SubsetReply, 'values' | 'imaginary'> {
  const vectors = Array.from({ length: map.vectors ?? 1 }, (_, vector) => vector);
  const times = (matrix: Float64Array, vector: number): number[] =>
    Array.from({ length: map.outputs }, (_, output) => {
      let sum = 0;
      for (let input = 0; input < map.inputs; input++)
        sum += matrix[output * map.inputs + input]! * query[vector * map.inputs + input]!;
      return sum;
    });
  const { matrix, imaginary, offset } = map;
  const values = vectors.flatMap((vector) => times(matrix, vector));
  return {
    values: values.map((value, place) => value + offset[place]!),
    imaginary: imaginary === undefined ? [] : vectors.flatMap((vector) => times(imaginary, vector)),
  };
}
