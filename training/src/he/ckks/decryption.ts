import type { RingArithmetic } from '../ring/backend.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import type { Residues } from '../ring/residues.js';
import { withScope } from '../ring/scope.js';
import type { SecretKey } from './keys.js';
import type { ProductTrace, TraceCiphertext } from './sanitising.js';

/**
 * Decrypts a trace: the N / block coefficients, centred modulo the product of the primes, that its polynomial in X^block has. The
 * third part of a product counts times s².
 */
export async function decryptTrace(
  ring: RingArithmetic,
  { secret, square }: SecretKey,
  { trace, second, third }: TraceCiphertext & Partial<ProductTrace>,
): Promise<bigint[]> {
  const { ringDegree, primes } = ring.shape;
  const block = (ringDegree * primes.length) / trace.length;
  const residues = await withScope(async (hold) => {
    const load = (part: Residues) => hold(ring.load([part]))[0];
    const terms = [[load(second), secret] as const];
    if (third !== undefined) terms.push([load(third), square]);
    const sums = hold(ring.sumBlocks([{ terms, traces: [load(trace)] }], block));
    const [coefficients] = await ring.read(hold(ring.invert(sums)));
    return coefficients;
  });
  return centredIntegers(residues, primes, BigInt(block));
}
