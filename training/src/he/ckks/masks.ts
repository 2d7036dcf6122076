import { macParts } from '../../canonical.js';
import { Drbg } from '../../drbg.js';
import type { Residues, RingShape } from '../ring/residues.js';

/**
 * What a host adds to its replies for one other subset of its batch, and that one's host takes off: both expand the same seed, so that
 * the sum of a batch's replies shows no mask. The seed serves one round alone.
 */
export interface PairMask {
  readonly seed: Uint8Array;
  /** Whether it is taken off. */
  readonly isNegative: boolean;
}

/**
 * The masks of one part of a reply, each expanded by our generator: uniform in its `count` numbers of 128 bits. A part's name is its
 * own in the reply.
 */
export function expandMasks(
  masks: readonly PairMask[],
  part: string,
  count: number,
): { readonly words: BigUint64Array; readonly isNegative: boolean }[] {
  return masks.map(({ seed, isNegative }) => {
    const drbg = new Drbg(macParts(seed, 'veritrain/mask/1', part));
    return { words: new BigUint64Array(drbg.bytes(16 * count).slice().buffer), isNegative };
  });
}

/**
 * The sum of all masks of a part as residues, prime by prime: uniform modulo each of them (bias below 2^-67). Whoever does not
 * know one of the seeds learns nothing of what it is added to.
 * @param places residues for each prime
 */
export function maskResidues(
  masks: readonly PairMask[],
  part: string,
  { primes }: Pick<RingShape, 'primes'>,
  places: number,
): Residues {
  const sum = new BigUint64Array(places * primes.length);
  for (const { words, isNegative } of expandMasks(masks, part, sum.length)) {
    primes.forEach((q, prime) => {
      for (let place = prime * places; place < (prime + 1) * places; place++) {
        const drawn = ((words[2 * place] ?? 0n) | ((words[2 * place + 1] ?? 0n) << 64n)) % q;
        const before = sum[place] ?? 0n;
        sum[place] = (before + (isNegative ? q - drawn : drawn)) % q;
      }
    });
  }
  return sum;
}
