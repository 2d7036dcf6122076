import { describe, expect, it } from 'vitest';
import { Drbg } from '../../../drbg.js';
import { FRAME_BYTES } from '../../../messages/frame.js';
import type { HostMap } from '../../../models/family.js';
import { context } from '../../../testing/fixtures.js';
import { loadOne, minus, multiply, readFactor, readOne, scheme as slots } from '../../../testing/scheme.js';
import { makeKeyPair, readPublicKey } from '../../ckks/keys.js';
import {
  coefficientParameters,
  linearParameters,
  productParameters,
  type CkksParameters,
} from '../../ckks/parameters.js';
import { centredIntegers } from '../../ring/chineseRemainder.js';
import type { Residues } from '../../ring/residues.js';
import { slotPeriod } from '../packing.js';
import { productLayout } from '../product/layout.js';
import { coefficientLayout } from './layout.js';
import { encodeCoefficientMap } from './map.js';
import { evaluateCoefficientReply, parseCoefficientReply } from './reply.js';
import { allAtOnce } from '../../../work.js';

// A public key's first part is the model owner's to make. One that is no encryption of zero, but places the coefficients of a host's
// random u beside each other above the flooding, reads them out of the trace. Who has u takes it off the second part.

const shape = { inputs: 6, outputs: 6, vectors: 8 };
const { ringDegree, primes, floodBits } = coefficientParameters;
// Of another parameter set, but the same ring.
const { ring } = slots;
const { block } = coefficientLayout(coefficientParameters, shape);
const drbg = new Drbg(Buffer.from('chosen key'));
const map: HostMap = {
  ...shape,
  matrix: Float64Array.from({ length: 36 }, () => drbg.below(2 ** 32) / 2 ** 31 - 1),
  offset: new Float64Array(48),
};
/** The lowest bit that the trace shows. */
const LOWEST = floodBits + 1;

const coefficientsOf = (values: ReadonlyMap<number, bigint>): BigUint64Array => {
  const coefficients = new BigUint64Array(2 * ringDegree);
  for (const [place, value] of values)
    coefficients.set([BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n)], 2 * place);
  return coefficients;
};

/** What a model owner makes of the hosts' reply to a key that shows `count` numbers of `base` values in each coefficient of a trace. */
async function readRandomness(parameters: CkksParameters, { base, count }: { base: bigint; count: number }) {
  const scheme = { parameters, ring };
  const { message } = await makeKeyPair(scheme, new Uint8Array(32).fill(5), context);
  // Σ base^t · 2^LOWEST · X^−t.
  const parts = Array.from({ length: count }, (_, t): [number, bigint] => {
    const value = (base ** BigInt(t)) << BigInt(LOWEST);
    return t === 0 ? [0, value] : [ringDegree - t, -value];
  });
  const chosen = await readOne(ring.transformWide([coefficientsOf(new Map(parts))])[0]);
  const heKey = Buffer.concat([message.subarray(0, FRAME_BYTES), new Uint8Array(chosen.buffer)]);
  const publicKey = readPublicKey(scheme, heKey, context);
  const encoded = allAtOnce(encodeCoefficientMap(scheme, map));
  const second = await readOne(ring.uniform([drbg.bytes(16 * ringDegree * primes.length)])[0]);
  const first = loadOne(new BigUint64Array(ringDegree * primes.length));
  const round = { ...context, ...shape, attempt: 1, features: 6, subset: 0 };
  const query = [{ first, second: loadOne(second) }];
  const input = { map: encoded, query, publicKey, seed: Buffer.from('seed') };
  const reply = parseCoefficientReply(
    parameters,
    await evaluateCoefficientReply(scheme, input, round),
    round,
  );
  const { trace, second: sent } = reply.results[0]!;
  const said = centredIntegers(await readOne(ring.invert([loadOne(trace)])[0]), primes, BigInt(block));
  const digits = said.flatMap((value, place) =>
    digitsOf((value + (1n << BigInt(LOWEST - 1))) >> BigInt(LOWEST), base, count).map(
      (digit, t): [number, bigint] => [block * place + t, digit],
    ),
  );
  const u = await readOne(ring.transformWide([coefficientsOf(new Map(digits))])[0]);
  const bare = minus(sent, await multiply(u, await readFactor(publicKey.second)));
  const matrix = await readFactor(encoded.matrix[0]![0]!);
  const rest = minus(bare, await multiply(second, matrix));
  return { read: digits.length, left: await bitsOf(rest) };
}

/** Digits around 0, the lowest first. */
function digitsOf(value: bigint, base: bigint, count: number): bigint[] {
  const digits: bigint[] = [];
  for (let left = value; digits.length < count; left = (left - digits.at(-1)!) / base) {
    const rest = ((left % base) + base) % base;
    digits.push(2n * rest >= base ? rest - base : rest);
  }
  return digits;
}

/** Largest coefficient, as bits. */
async function bitsOf(residues: Residues): Promise<number> {
  const coefficients = centredIntegers(await readOne(ring.invert([loadOne(residues)])[0]), primes, 1n);
  return Math.max(...coefficients.map((value) => (value < 0n ? -value : value).toString(2).length));
}

/** Most bits of u that a trace of so many coefficients tells, whatever the key. */
const toldBits = ({ primes: of, floodBits: bits }: CkksParameters, coefficients: number): number =>
  coefficients * (of.reduce((sum, q) => sum + Math.log2(Number(q)), 0) - bits);

const entropyOf = ({ randomiserBits = Math.log2(3) }: CkksParameters): number => ringDegree * randomiserBits;

describe('a key whose first part is made to read a host’s randomness', () => {
  it('attack 69: reads all of it where it is ternary, and confirms a guess of the matrix by what is left', async () => {
    const weakened = { ...coefficientParameters, name: 'ternary', randomiserBits: undefined };
    const { read, left } = await readRandomness(weakened, { base: 3n, count: block });
    expect(read).toBe(ringDegree);
    // The noise e.
    expect(left).toBeLessThan(6);
  });

  it('attack 69: reads one number in eight of 20 bits each, and confirms nothing', async () => {
    const { read, left } = await readRandomness(coefficientParameters, { base: 2n ** 20n, count: 1 });
    expect(read).toBe(ringDegree / 8);
    expect(left).toBeGreaterThan(115);
  });

  it('attack 69: never has more than two ninths of it told, however traces are laid out', () => {
    for (const inputs of [1, 6, 14, 41, 257, 1025])
      for (const vectors of [1, 4, 8, 16]) {
        const layout = coefficientLayout(coefficientParameters, { inputs, outputs: inputs, vectors });
        const told = toldBits(coefficientParameters, ringDegree / layout.block);
        expect(told).toBeLessThan(entropyOf(coefficientParameters) / 4.5);
      }
    for (const outputs of [1, 16, 32]) {
      expect(toldBits(linearParameters, 2 * slotPeriod(outputs))).toBeLessThan(
        entropyOf(linearParameters) / 4.5,
      );
      const { block: run } = productLayout(productParameters, { inputs: outputs, outputs });
      expect(toldBits(productParameters, ringDegree / run)).toBeLessThan(entropyOf(productParameters) / 4.5);
    }
  });
});
