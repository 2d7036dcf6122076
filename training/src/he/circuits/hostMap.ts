import { hashParts } from '../../canonical.js';
import type { HostMap } from '../../models/family.js';
import { at } from '../../numbers.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Factor, Polynomial } from '../ring/backend.js';
import { byPrime, bytesOf } from '../ring/residues.js';
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

/** Slot i·D + j holds matrix[j][i]; the offset is in slots 0 … D − 1. */
export function encodeMap({ parameters, ring, encode }: Scheme, map: HostMap): EncodedMap {
  const { inputs } = map;
  const packing = packingOf(parameters, map);
  const matrix = packSlots(packing, map, (input, output) => at(map.matrix, output * inputs + input)).map(
    (slots) => encode(slots, parameters.matrixScaleBits),
  );
  const offset = encode(map.offset, parameters.modelScaleBits + parameters.matrixScaleBits);
  const parts = [...matrix, offset].flatMap((residues) => byPrime(residues, parameters.primes));
  const plaintexts = ring.load(matrix);
  const [whole] = ring.load([offset]);
  const [trace] = ring.sumBlocks([{ terms: [], plus: [whole] }], packing.block);
  const factors = ring.factors(plaintexts);
  for (const used of [...plaintexts, whole]) used.release();
  return {
    packing,
    matrix: factors,
    offset: trace,
    hash: hashParts('veritrain/encoded-map/1', ...parts.map(bytesOf)),
  };
}
