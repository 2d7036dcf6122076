import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { createReferenceBackend } from '../../testing/referenceBackend.js';
import { joined } from '../../testing/scheme.js';
import { sealTransformPair } from '../../testing/seal.js';
import { linearParameters } from '../ckks/parameters.js';
import type { Factor, Polynomial, RingArithmetic } from '../ring/backend.js';
import { bytesOf, type Residues, type RingShape } from '../ring/residues.js';
import { sampleNoise, sampleTernary, sampleUniform, sampleWide } from '../ring/sample.js';
import { backends } from './registry.js';

/** Of one and three primes, short and long ones: nothing depends on the one set that is in use. */
const small: RingShape = { ringDegree: 64, primes: [257n, 1152921504606683137n, 65537n] };
const single: RingShape = { ringDegree: 16, primes: [97n] };
const inUse: RingShape = { ringDegree: linearParameters.ringDegree, primes: linearParameters.primes };

/** An operation on random and extreme operands. */
type Operation = (ring: RingArithmetic, drbg: Drbg) => readonly Polynomial[];

const random = (ring: RingArithmetic, drbg: Drbg): Polynomial =>
  ring.uniform([sampleUniform(drbg, ring.shape)])[0];
const factor = (ring: RingArithmetic, drbg: Drbg): Factor => ring.factors([random(ring, drbg)])[0];

/** The same residue everywhere: 0, 1, and the largest of each prime. */
function extremes({ primes }: RingShape, length: number): Residues[] {
  return [() => 0n, () => 1n, (q: bigint) => q - 1n].map((value) =>
    BigUint64Array.from(primes.flatMap((q) => Array.from({ length }, () => value(q)))),
  );
}

const operations: Readonly<Record<string, Operation>> = {
  load: (ring) => {
    const { shape } = ring;
    return ring.load([...extremes(shape, shape.ringDegree), ...extremes(shape, 2)]);
  },
  uniform: (ring, drbg) => {
    const bytes = sampleUniform(drbg, ring.shape);
    return ring.uniform([bytes, bytes.slice().fill(0), bytes.slice().fill(0xff)]);
  },
  transformSigned: (ring, drbg) => {
    const { ringDegree } = ring.shape;
    const rising = Int32Array.from({ length: ringDegree }, (_, place) => (place % 43) - 21);
    return ring.transformSigned([sampleTernary(drbg, ringDegree), sampleNoise(drbg, ringDegree), rising]);
  },
  transformWide: (ring, drbg) => {
    const { ringDegree } = ring.shape;
    const words = (...pair: bigint[]): BigUint64Array =>
      BigUint64Array.from({ length: 8 }, (_, place) => pair[place % 2]!);
    const [most, sign] = [2n ** 64n - 1n, 2n ** 63n];
    const edges = [words(0n, sign), words(most, sign - 1n), words(most, most), words(0n, 0n), words(1n, 0n)];
    return ring.transformWide([sampleWide(drbg, ringDegree, 82, 8), sampleWide(drbg, 8, 128), ...edges]);
  },
  invert: (ring, drbg) => {
    const { ringDegree } = ring.shape;
    const [whole] = ring.transformSigned([sampleNoise(drbg, ringDegree)]);
    const [trace] = ring.transformWide([sampleWide(drbg, 8, 82)]);
    return ring.invert([whole, trace, random(ring, drbg), ...ring.load(extremes(ring.shape, ringDegree))]);
  },
  sumProducts: (ring, drbg) => {
    const [a, b, c] = [random(ring, drbg), random(ring, drbg), random(ring, drbg)];
    const [f, g] = [factor(ring, drbg), factor(ring, drbg)];
    const largest = ring.load(extremes(ring.shape, ring.shape.ringDegree));
    const terms = largest.map((each) => [each, ring.factors([largest[2]!])[0]] as const);
    return ring.sumProducts([
      { terms: [[a, f]] },
      {
        terms: [
          [a, f],
          [a, f],
          [b, g],
        ],
        plus: [c],
      },
      { terms: [], plus: [a, b, c] },
      { terms, plus: largest },
      { terms: [] },
    ]);
  },
  sumBlocks: (ring, drbg) => {
    const [a, b] = [random(ring, drbg), random(ring, drbg)];
    const f = factor(ring, drbg);
    const sum = { terms: [[a, f]] as const, plus: [b] };
    const [trace] = ring.transformWide([sampleWide(drbg, ring.shape.ringDegree / 4, 82)]);
    return [
      ...ring.sumBlocks([sum, { terms: [], plus: [a] }], 8),
      ...ring.sumBlocks([{ ...sum, traces: [trace, trace] }], 4),
      ...ring.sumBlocks([sum], 1),
    ];
  },
};

async function digestsOf(ring: RingArithmetic, operation: Operation): Promise<string[]> {
  const results = await ring.read(operation(ring, new Drbg(Buffer.from('backends'))));
  return results.map((residues) => createHash('sha256').update(bytesOf(residues)).digest('hex'));
}

describe.each(Object.entries(backends))('the backend %s', (_, create) => {
  const backend = create();

  describe.each([
    ['of one short prime', single],
    ['of three primes', small],
    ['in use', inUse],
  ] as const)('in a ring %s', (_name, shape) => {
    it.each(Object.entries(operations))('gives the residues of plain BigInt: %s', async (__, operation) => {
      const reference = await createReferenceBackend().open(shape);
      expect(await digestsOf(await backend.open(shape), operation)).toEqual(
        await digestsOf(reference, operation),
      );
    });

    it('undoes transforms', async () => {
      const ring = await backend.open(shape);
      const noise = sampleNoise(new Drbg(Buffer.from('undone')), shape.ringDegree);
      const [read] = await ring.read(ring.invert(ring.transformSigned([noise])));
      const expected = shape.primes.flatMap((q) => Array.from(noise, (value) => (BigInt(value) + q) % q));
      expect(read).toEqual(BigUint64Array.from(expected));
    });
  });

  it('transforms and transforms back as SEAL does, to the last bit', async () => {
    const { coefficients, transformed } = sealTransformPair();
    const ring = await backend.open(inUse);
    // Two parts of two primes each. Coefficients modulo q are below 2^64: as signed 128-bit numbers they are themselves.
    for (const [index, given] of coefficients.entries()) {
      const wide = BigUint64Array.from([...given].flatMap((value) => [value, 0n]));
      const [read] = await ring.read(ring.transformWide([wide]));
      const prime = index % inUse.primes.length;
      expect(read.subarray(prime * given.length, (prime + 1) * given.length)).toEqual(transformed[index]);
    }
    const parts = (polynomials: readonly Residues[]): Residues[] =>
      [0, 2].map((index) => joined(polynomials.slice(index, index + 2)));
    expect(await ring.read(ring.invert(ring.load(parts(transformed))))).toEqual(parts(coefficients));
  });

  it('has one arithmetic for equal numbers, another for any other', async () => {
    const ring = await backend.open(small);
    expect(await backend.open({ ...small, primes: [...small.primes] })).toBe(ring);
    for (const other of [
      { ...small, ringDegree: 32 },
      { ...small, primes: small.primes.slice(1) },
    ])
      expect(await backend.open(other)).not.toBe(ring);
    expect(await create().open(small)).not.toBe(ring);
  });

  it('computes many things at a time, each as if alone', async () => {
    const ring = await backend.open(small);
    const alone = await Promise.all(Object.values(operations).map((each) => digestsOf(ring, each)));
    const again = [];
    for (const each of Object.values(operations)) again.push(await digestsOf(ring, each));
    expect(again).toEqual(alone);
  });

  it('refuses operands that are not its own, released or of another length', async () => {
    const [ring, other] = [await backend.open(small), await backend.open(single)];
    const drbg = new Drbg(Buffer.from('refused'));
    const [a, f] = [random(ring, drbg), factor(ring, drbg)];
    const released = random(ring, drbg);
    released.release();
    released.release(); // twice does no harm
    const [short] = ring.transformWide([sampleWide(drbg, 8, 82)]);
    const refused: (() => unknown)[] = [
      () => ring.sumProducts([{ terms: [[released, f]] }]),
      () => ring.sumProducts([{ terms: [[random(other, drbg), f]] }]),
      () => ring.sumProducts([{ terms: [[a, factor(other, drbg)]] }]),
      () => ring.sumProducts([{ terms: [[a, a as unknown as Factor]] }]),
      () => ring.sumProducts([{ terms: [[f as unknown as Polynomial, f]] }]),
      () => ring.sumProducts([{ terms: [[short, f]] }]),
      () => ring.sumProducts([{ terms: [], plus: [short] }]),
      () => ring.factors([short]),
      () => ring.sumBlocks([{ terms: [], traces: [short] }], 4),
      () => ring.sumBlocks([{ terms: [], plus: [a] }], 3),
      () => ring.load([new BigUint64Array(1)]),
      () => ring.load([new BigUint64Array(3 * 128)]),
      () => ring.uniform([new Uint8Array(16)]),
      () => ring.transformSigned([new Int32Array(8)]),
      () => ring.transformWide([new BigUint64Array(6)]),
    ];
    for (const each of refused) expect(each).toThrow(RangeError);
    await expect((async () => ring.read([released]))()).rejects.toThrow(RangeError);
  });
});
