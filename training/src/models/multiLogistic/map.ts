import { LARGEST_COEFFICIENT } from '../../he/ckks/parameters.js';
import type { HostMap, SubsetShape } from '../family.js';
import { liftedMap } from '../logistic/lift.js';
import type { MultiLogisticHead } from './head.js';
import type { MultiLogisticMoments } from './moments.js';

/** Numbers of a reply to one class. */
export const replyLength = (features: number, degree: MultiLogisticHead['degree']): number =>
  features * degree;

/**
 * What is public of a subset, with the bound on its second moments where `liftedMap` looks for it: a standardised column has at most
 * totalRows / rows, and a mapped feature its own.
 */
export function boundedShape({ maxMeanSquare, ...shape }: SubsetShape): SubsetShape {
  return maxMeanSquare === undefined ? shape : { ...shape, totalRows: maxMeanSquare * shape.rows };
}

/**
 * A subset's map of the monomials of each class's weights v, all under one matrix: for degree 2 E x·(v·x)² and E x·(v·x) by turns,
 * the latter last, so that every ciphertext of a reply holds numbers that the set-up foretells, and shows by them whether it is one.
 */
export function sharedMap(
  moments: MultiLogisticMoments,
  { degree, classes }: MultiLogisticHead,
  shape: SubsetShape,
): HostMap {
  const { features } = moments;
  const vectors = classes.length;
  const outputs = replyLength(features, degree);
  const offset = new Float64Array(outputs * vectors);
  const {
    inputs,
    matrix: second,
    imaginary: third,
  } = liftedMap(moments, { degree }, boundedShape(shape), LARGEST_COEFFICIENT);
  if (third === undefined) return { inputs, outputs, vectors, matrix: second, offset };
  const matrix = new Float64Array(outputs * inputs);
  for (let i = 0; i < features; i++) {
    matrix.set(third.subarray(i * inputs, (i + 1) * inputs), 2 * i * inputs);
    matrix.set(second.subarray(i * inputs, (i + 1) * inputs), (2 * i + 1) * inputs);
  }
  return { inputs, outputs, vectors, matrix, offset };
}

/** The two parts of a reply to one class: E x·(v·x) and, for degree 2, E x·(v·x)². */
export function partsOf(
  values: readonly number[],
  degree: MultiLogisticHead['degree'],
): { readonly seconds: number[]; readonly thirds: number[] } {
  if (degree === 1) return { seconds: [...values], thirds: [] };
  return {
    seconds: values.filter((_, place) => place % 2 === 1),
    thirds: values.filter((_, place) => place % 2 === 0),
  };
}
