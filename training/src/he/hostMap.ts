import { hashParts } from '../canonical.js';
import type { AffineMap } from '../linear/affineMap.js';
import { kernelsOf, type Residues } from './kernel.js';
import { slotPeriod, type CkksParameters } from './parameters.js';
import { bytesOf } from './residues.js';
import type { Encode } from './seal.js';
import { traceRingOf } from './traceRing.js';

/** A host's affine map, encoded once for all rounds. */
export interface EncodedMap {
  readonly features: number;
  /** The matrix as a plaintext, in Montgomery form. */
  readonly matrix: readonly Residues[];
  /** The trace of the offset, at the scale of updates: residues per prime. */
  readonly offset: readonly (readonly bigint[])[];
  /** 32 bytes that name the encoded map by its content. Secret, as the map is. */
  readonly hash: Uint8Array;
}

/** Slot i·D + j holds matrix[j][i]; the offset is in slots 0 … D − 1. */
export function encodeMap(parameters: CkksParameters, map: AffineMap, encode: Encode): EncodedMap {
  const kernels = kernelsOf(parameters);
  const { features } = map;
  const period = slotPeriod(features);
  const slots = new Float64Array(parameters.ringDegree / 2);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j < features; j++) slots[i * period + j] = map.matrix[j * features + i] ?? 0;
  }
  const offsetSlots = new Float64Array(parameters.ringDegree / 2);
  offsetSlots.set(map.offset);
  const matrix = encode(slots, parameters.matrixScaleBits);
  const offset = encode(offsetSlots, parameters.modelScaleBits + parameters.matrixScaleBits);
  const { block } = traceRingOf(parameters, features);
  return {
    features,
    hash: hashParts('veritrain/encoded-map/1', ...[...matrix, ...offset].map(bytesOf)),
    matrix: kernels.map((kernel, index) => kernel.toMontgomery(matrix[index] ?? new BigUint64Array(0))),
    offset: kernels.map((kernel, index) =>
      blockSums(offset[index] ?? new BigUint64Array(0), block, kernel.q),
    ),
  };
}

function blockSums(residues: Residues, block: number, q: bigint): bigint[] {
  return Array.from({ length: residues.length / block }, (_, k) => {
    let sum = 0n;
    for (const residue of residues.subarray(k * block, (k + 1) * block)) sum += residue;
    return sum % q;
  });
}
