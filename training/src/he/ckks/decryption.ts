import type { RingArithmetic } from '../ring/backend.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import type { Residues } from '../ring/residues.js';
import { withScope } from '../ring/scope.js';
import type { SecretKey } from './keys.js';
import type { ProductTrace, TraceCiphertext } from './sanitising.js';

/**
 * Decrypts the sum of traces of one length, as a rule of a single one: the N / block coefficients, centred modulo the product of the
 * primes, that its polynomial in X^block has. The third part of a product counts times s².
 */
export async function decryptTrace(
  ring: RingArithmetic,
  { secret, square }: SecretKey,
  parts: readonly (TraceCiphertext & Partial<ProductTrace>)[],
): Promise<bigint[]> {
  const { ringDegree, primes } = ring.shape;
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to decrypt');
  const block = (ringDegree * primes.length) / first.trace.length;
  const residues = await withScope(async (hold) => {
    const load = (part: Residues) => hold(ring.load([part]))[0];
    const traces = parts.map(({ trace }) => load(trace));
    const terms = parts.flatMap(({ second, third }) => {
      const linear = [load(second), secret] as const;
      return third === undefined ? [linear] : [linear, [load(third), square] as const];
    });
    const sums = hold(ring.sumBlocks([{ terms, traces }], block));
    const [coefficients] = await ring.read(hold(ring.invert(sums)));
    return coefficients;
  });
  return centredIntegers(residues, primes, BigInt(block));
}
