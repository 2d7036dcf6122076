import { describe, expect, it } from 'vitest';
import { defineProgram } from '../../program.js';
import { context, diabetes, linearState, packageOf, prepare, trainerOf } from '../../testing/fixtures.js';
import { trainOnShard } from '../../trainer/host.js';
import { largestNoise, largestSetupNoise, replyDistance } from './noise.js';
import { linearParameters } from './parameters.js';

const prepared = prepare(diabetes(), 3);
const program = defineProgram();
const trainer = await trainerOf(prepared, program);
const first = trainer.initialState();

async function honestReply(query: readonly number[]): Promise<Uint8Array> {
  const model = await trainer.modelForRound(
    { ...first, model: { ...linearState(first), query: [...query] } },
    1,
  );
  const job = { package: packageOf(prepared, 0), program, model, heKey: trainer.heKey() };
  return trainOnShard({ ...job, ...context, attempt: 1 });
}

/** Adds 2^bits to the second part: decryption then adds 2^bits · s, the key itself. */
function bentByTheKey(reply: Uint8Array, bits: number): Uint8Array {
  const bent = reply.slice();
  const view = new DataView(bent.buffer);
  const { ringDegree, primes } = linearParameters;
  const start = bent.length - 8 * ringDegree * primes.length;
  primes.forEach((q, index) => {
    // A constant has the same residue everywhere in SEAL's transformed order.
    for (let place = 0; place < ringDegree; place++) {
      const at = start + 8 * (index * ringDegree + place);
      view.setBigUint64(at, (view.getBigUint64(at, true) + 2n ** BigInt(bits)) % q, true);
    }
  });
  return bent;
}

const judge = async (bytes: Uint8Array) =>
  (await trainer.applyUpdates(first, 1, [{ subset: 0, bytes }])).metrics;

describe('the noise of an update', () => {
  it('is accepted up to 2^-15, four times what an honest one can carry', () => {
    expect(largestNoise(linearParameters)).toBe(2 ** -15);
  });

  it('of an honest one stays far below that, at the largest weights too', async () => {
    for (const weight of [0, 1, -16, 16]) {
      const { unusable, precisionBits } = await judge(
        await honestReply(linearState(first).query.map(() => weight)),
      );
      expect(unusable).toEqual([]);
      expect(precisionBits).toBeGreaterThan(17);
    }
  });

  it('attack 53: a reply bent by the key is refused, though it says the model to 10 bits', async () => {
    const reply = await honestReply(linearState(first).query);
    for (const bits of [88, 90, 92]) {
      const { unusable } = await judge(bentByTheKey(reply, bits));
      expect(unusable).toEqual([{ subset: 0, reason: expect.stringContaining('noise') as string }]);
    }
  });
});

describe('the noise of a query of many numbers', () => {
  it('grows with the length of the query, the plaintexts, and their imaginary parts', () => {
    const bounds = { inputs: 32, maxInput: 16, ciphertexts: 1, imaginary: false };
    const rounding = largestNoise(linearParameters, bounds) - largestSetupNoise(linearParameters);
    const grown = (change: object) =>
      (largestNoise(linearParameters, { ...bounds, ...change }) - largestSetupNoise(linearParameters)) /
      rounding;
    expect(grown({})).toBe(1);
    expect(grown({ inputs: 3 })).toBe(1);
    expect(grown({ inputs: 128 })).toBeCloseTo(2, 9);
    expect(grown({ maxInput: 256 })).toBeCloseTo(16, 9);
    expect(grown({ ciphertexts: 4 })).toBeCloseTo(2, 9);
    expect(grown({ imaginary: true })).toBeCloseTo(Math.SQRT2, 9);
    expect(largestSetupNoise(linearParameters)).toBe(2 ** -16);
  });
});

describe('what flooding leaves of the product’s noise, as a statistical distance', () => {
  it.each([
    ['a linear model', 4, 16, -43],
    ['second and third moments of up to 16 columns', 45, 16, -40],
    ['second and third moments of 31 columns', 201, 32, -36.9],
  ])('is at most what the documents say: %s', (_, matrixLength, period, bits) => {
    expect(Math.log2(replyDistance(linearParameters, matrixLength, period))).toBeLessThan(bits);
    expect(Math.log2(replyDistance(linearParameters, matrixLength, period))).toBeGreaterThan(bits - 1);
  });
});
