import type { RingArithmetic } from '../ring/backend.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import { withScope } from '../ring/scope.js';
import type { SecretKey } from './keys.js';
import type { TraceCiphertext } from './sanitising.js';

/**
 * Decrypts a trace: the 2·D coefficients, centred modulo the product of the primes, that its polynomial in X^block has,
 * N = 2·D·block.
 */
export async function decryptTrace(
  ring: RingArithmetic,
  { secret }: SecretKey,
  { trace, second }: TraceCiphertext,
): Promise<bigint[]> {
  const { ringDegree, primes } = ring.shape;
  const block = (ringDegree * primes.length) / trace.length;
  const residues = await withScope(async (hold) => {
    const [loaded] = hold(ring.load([trace]));
    const [part] = hold(ring.load([second]));
    const sums = hold(ring.sumBlocks([{ terms: [[part, secret]], traces: [loaded] }], block));
    const [coefficients] = await ring.read(hold(ring.invert(sums)));
    return coefficients;
  });
  return centredIntegers(residues, primes, BigInt(block));
}
