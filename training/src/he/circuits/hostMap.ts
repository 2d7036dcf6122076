import { hashParts } from '../../canonical.js';
import { TrainingError } from '../../errors.js';
import type { HostMap } from '../../models/family.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Factor, Polynomial } from '../ring/backend.js';
import { encodeComplex } from './complexPlaintext.js';
import { packingOf, packSlots, type Packing } from './packing.js';

/** A host's map, encoded once for all rounds. */
export interface EncodedMap {
  readonly packing: Packing;
  /** The matrix, a plaintext for each ciphertext of a query. */
  readonly matrix: readonly Factor[];
  /** The trace of the offset, at the scale of updates. */
  readonly offset: Polynomial;
  /** 32 bytes that name the encoded map by its content. Secret, as the map is. */
  readonly hash: Uint8Array;
}

/**
 * Slot i·D + j holds matrix[j][i], and imaginary[j][i] as its imaginary part; the offset is in slots 0 … D − 1.
 * @throws TrainingError VT7501 for a map of other sizes than it says, or with something else than finite numbers
 */
export function encodeMap(scheme: Scheme, map: HostMap): EncodedMap {
  checkMap(map);
  const { parameters, ring } = scheme;
  const packing = packingOf(parameters, map);
  const real = packMatrix(packing, map, map.matrix);
  const imaginary = map.imaginary && packMatrix(packing, map, map.imaginary);
  const slots = real.map((part, index) => ({ real: part, imaginary: imaginary?.[index] }));
  const matrix = encodeComplex(scheme, slots, parameters.matrixScaleBits);
  const scaleBits = parameters.modelScaleBits + parameters.matrixScaleBits;
  const offset = encodeComplex(scheme, [{ real: map.offset }], scaleBits);
  const [trace] = ring.sumBlocks([{ terms: [], plus: offset.polynomials }], packing.block);
  const factors = ring.factors(matrix.polynomials);
  for (const used of [...matrix.polynomials, ...offset.polynomials]) used.release();
  return { packing, matrix: factors, offset: trace, hash: hashOf(map, [...matrix.bytes, ...offset.bytes]) };
}

function packMatrix(packing: Packing, map: HostMap, entries: Float64Array): Float64Array[] {
  return packSlots(packing, map, (input, output) => entries[output * map.inputs + input]!);
}

function hashOf({ imaginary }: HostMap, bytes: readonly Uint8Array[]): Uint8Array {
  const tag = imaginary === undefined ? 'veritrain/encoded-map/1' : 'veritrain/encoded-complex-map/1';
  return hashParts(tag, ...bytes);
}

/** @throws TrainingError VT7501 */
export function checkMap({
  inputs,
  outputs,
  vectors = 1,
  matrix,
  offset,
  imaginary = matrix,
}: HostMap): void {
  const isMatrix = [matrix, imaginary].every((entries) => entries.length === inputs * outputs);
  const isFinite = [matrix, imaginary, offset].every((numbers) => numbers.every(Number.isFinite));
  if (inputs >= 1 && outputs >= 1 && isMatrix && offset.length === outputs * vectors && isFinite) return;
  throw new TrainingError('VT7501', 'a host’s map has other sizes than it says, or no finite numbers', {
    inputs,
    outputs,
  });
}
