import { hashParts } from '../canonical.js';
import type { HostMap } from '../models/family.js';
import { kernelsOf, type Residues } from './kernel.js';
import { slotPeriod, type CkksParameters } from './parameters.js';
import { bytesOf } from './residues.js';
import type { Encode } from './seal.js';
import { traceRingOf } from './traceRing.js';

/** A host's map, encoded once for all rounds. */
export interface EncodedMap {
  /** The matrix as a plaintext, in Montgomery form. */
  readonly matrix: readonly Residues[];
  /** The trace of the offset, at the scale of updates: residues per prime. */
  readonly offset: readonly (readonly bigint[])[];
  /** 32 bytes that name the encoded map by its content. Secret, as the map is. */
  readonly hash: Uint8Array;
}

/** Slot i·D + j holds matrix[j][i]; the offset is in slots 0 … D − 1. */
export function encodeMap(parameters: CkksParameters, map: HostMap, encode: Encode): EncodedMap {
  const kernels = kernelsOf(parameters);
  const { inputs, outputs } = map;
  const period = slotPeriod(outputs);
  const slots = new Float64Array(parameters.ringDegree / 2);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) slots[i * period + j] = map.matrix[j * inputs + i] ?? 0;
  }
  const offsetSlots = new Float64Array(parameters.ringDegree / 2);
  offsetSlots.set(map.offset);
  const matrix = encode(slots, parameters.matrixScaleBits);
  const offset = encode(offsetSlots, parameters.modelScaleBits + parameters.matrixScaleBits);
  const { block } = traceRingOf(parameters, outputs);
  return {
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
