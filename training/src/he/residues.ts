import { TrainingError } from '../errors.js';
import type { PrimeKernel, Residues } from './kernel.js';

/**
 * Reads `count` residues per prime from bytes (u64 little-endian, prime by prime).
 * @throws TrainingError VT7407 where one is not below its prime
 */
export function readResidues(bytes: Uint8Array, kernels: readonly PrimeKernel[], count: number): Residues[] {
  return kernels.map((kernel, index) => {
    const start = 8 * count * index;
    const residues = new BigUint64Array(bytes.slice(start, start + 8 * count).buffer);
    if (!kernel.inRange(residues)) {
      throw new TrainingError('VT7407', `a residue is not below its prime`, { prime: index });
    }
    return residues;
  });
}

/** The residues as u64 little-endian; the same memory. */
export function bytesOf(residues: Residues): Uint8Array {
  return new Uint8Array(residues.buffer, residues.byteOffset, residues.byteLength);
}
