import { hashParts } from '../canonical.js';
import { Drbg } from '../drbg.js';
import { z } from 'zod';

/** What a map's random numbers follow from. Public. */
export const mapSeedSchema = z.string().min(1).max(64);

/** Deviation of a centred binomial of 16 against 16 bits, √8. */
const DEVIATION = Math.sqrt(8);

/** The generator of a map. */
export function mapGenerator(kind: string, seed: string): Drbg {
  return new Drbg(hashParts('veritrain/feature-map/1', kind, seed));
}

/** Numbers of mean 0 and deviation 1, nearly normal: multiples of 1/√8 from the bits of the generator, centred binomial. */
export function drawNormals(drbg: Drbg, count: number): Float64Array {
  const bytes = drbg.bytes(4 * count);
  return Float64Array.from({ length: count }, (_, index) => {
    let bits = -16;
    for (const byte of bytes.subarray(4 * index, 4 * index + 4)) bits += countBits(byte);
    return bits / DEVIATION;
  });
}

function countBits(byte: number): number {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
