import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import type { HostMap } from '../../models/family.js';
import { applyMap } from '../../models/applyMap.js';
import { resultBits } from '../../precision.js';
import { defineProgram } from '../../program.js';
import { context, diabetes, prepare } from '../../testing/fixtures.js';
import {
  byPrimes,
  combine,
  key,
  loadOne,
  minus,
  multiply,
  publicKey,
  readFactor,
  readOne,
  scheme,
} from '../../testing/scheme.js';
import { sealDecode } from '../../testing/seal.js';
import { encodeMap } from '../circuits/hostMap.js';
import { blockSize, packSlots, packingOf, slotPeriod } from '../circuits/packing.js';
import { encryptQuery, readQuery } from '../circuits/query.js';
import { evaluateReply, parseReply } from '../circuits/reply.js';
import { decodeTrace } from '../circuits/traceSlots.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import { inverseOf } from '../ring/modular.js';
import type { Residues } from '../ring/residues.js';
import { decryptTrace } from './decryption.js';
import { linearParameters as parameters } from './parameters.js';

// Li and Micciancio (2021): CKKS decrypts to message and noise, c0 + c1·s exactly, so whoever sees a raw decryption beside its
// ciphertext solves for s. Here everybody may have the ciphertexts, and what is published of their content is rounded.

const { ring } = scheme;
const { ringDegree, primes, modelScaleBits, matrixScaleBits } = parameters;
const drbg = new Drbg(Buffer.from('key recovery'));
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);

/** The bits to which a model owner's results are rounded. */
const PUBLISHED_BITS = resultBits(defineProgram(), prepare(diabetes(), 3).template)!;
const published = (value: number): number => Math.round(value * 2 ** PUBLISHED_BITS) / 2 ** PUBLISHED_BITS;

const secret = await readFactor(key.secretKey.secret);

/** a / b, place by place. */
const divide = (a: Residues, b: Residues): Residues =>
  combine([a, b], ([value, by], q) => (value! * inverseOf(by!, q)) % q);

/** Whether a guess has the form of a secret key at all: coefficients of −1, 0 and 1. */
async function isTernary(guess: Residues): Promise<boolean> {
  const coefficients = centredIntegers(await readOne(ring.invert([loadOne(guess)])[0]), primes, 1n);
  return coefficients.every((value) => value >= -1n && value <= 1n);
}

describe('a model that its owner encrypted', async () => {
  const features = 10;
  const round = { ...context, attempt: 1, features, inputs: features, outputs: features };
  const ciphertextOf = async (weights: Float64Array): Promise<{ first: Residues; second: Residues }> => {
    const [sent] = readQuery(scheme, await encryptQuery(scheme, key, round, weights), round);
    return { first: await readOne(sent!.first), second: await readOne(sent!.second) };
  };
  const plaintextOf = (weights: Float64Array): Residues => {
    const [slots] = packSlots(
      packingOf(parameters, round),
      { inputs: features, outputs: 16 },
      (i) => weights[i]!,
    );
    return scheme.encode(slots!, modelScaleBits);
  };
  const decryptWith = async (guess: Residues, { first, second }: { first: Residues; second: Residues }) => {
    const raw = combine([first, await multiply(second, guess)], ([a, b], q) => (a! + b!) % q);
    return sealDecode(byPrimes(raw), modelScaleBits);
  };
  const weights = numbers(features);
  const sent = await ciphertextOf(weights);

  it('attack 64: gives the key away beside its raw decryption, by one division', async () => {
    const raw = combine([sent.first, await multiply(sent.second, secret)], ([a, b], q) => (a! + b!) % q);
    const found = divide(minus(raw, sent.first), sent.second);
    expect(found).toEqual(secret);
    // Which opens every other message under it.
    const other = numbers(features);
    const slots = await decryptWith(found, await ciphertextOf(other));
    for (let i = 0; i < features; i++) expect(Math.abs(slots[16 * i]! - other[i]!)).toBeLessThan(2 ** -50);
  });

  it.each([
    ['its weights to the last bit', weights],
    ['its weights as they are published', weights.map(published)],
  ])('attack 64: gives nothing beside %s', async (_, known) => {
    const found = divide(minus(plaintextOf(known), sent.first), sent.second);
    expect(await isTernary(found)).toBe(false);
    const other = numbers(features);
    const slots = await decryptWith(found, await ciphertextOf(other));
    expect(Math.abs(slots[0]! - other[0]!)).toBeGreaterThan(1e6);
  });
});

describe('replies', async () => {
  // Of 1,024 outputs a trace has a number for every 4 residues of the key, so that 4 replies are enough; of 10, 256 are.
  const [inputs, outputs] = [4, 1024];
  const block = blockSize(parameters, slotPeriod(outputs));
  const map: HostMap = { inputs, outputs, matrix: numbers(inputs * outputs), offset: numbers(outputs) };
  const encoded = encodeMap(scheme, map);
  const replies = await Promise.all(
    Array.from({ length: block }, async (_, place) => {
      const round = { ...context, attempt: place + 1, features: inputs, inputs, outputs, subset: 0 };
      const weights = numbers(inputs);
      const query = readQuery(scheme, await encryptQuery(scheme, key, round, weights), round);
      const input = { map: encoded, query, publicKey, seed: Buffer.from(`reply ${place}`) };
      const { result } = parseReply(parameters, await evaluateReply(scheme, input, round), round);
      return { ...result, weights };
    }),
  );
  const raws = await Promise.all(replies.map((reply) => decryptTrace(ring, key.secretKey, [reply])));

  /** The trace that has these coefficients. */
  function traceOf(coefficients: readonly bigint[]): Promise<Residues> {
    const wide = new BigUint64Array(2 * coefficients.length);
    coefficients.forEach((value, place) => {
      wide[2 * place] = BigInt.asUintN(64, value * BigInt(block));
      wide[2 * place + 1] = BigInt.asUintN(64, (value * BigInt(block)) >> 64n);
    });
    return readOne(ring.transformWide([wide])[0]);
  }

  /** The trace that says these numbers and nothing else. */
  function traceOfNumbers(said: Float64Array): Promise<Residues> {
    const none = { inputs: 1, outputs, matrix: new Float64Array(outputs), offset: said };
    return readOne(encodeMap(scheme, none).offset);
  }

  /** Solves, run by run of residues, as many equations Σ second·s = decrypted − trace as a run has residues. */
  function solved(decrypted: readonly Residues[]): Residues {
    const found = new BigUint64Array(ringDegree * primes.length);
    const perPrime = ringDegree / block;
    primes.forEach((q, prime) => {
      for (let run = 0; run < perPrime; run++) {
        const at = prime * perPrime + run;
        const rows = replies.map(({ second, trace }, index) => [
          ...second.subarray(block * at, block * (at + 1)),
          (decrypted[index]![at]! + q - trace[at]!) % q,
        ]);
        found.set(solvedBy(rows, q), block * at);
      }
    });
    return found;
  }

  const said = (change: (value: number) => number): Promise<Residues[]> =>
    Promise.all(replies.map(({ weights }) => traceOfNumbers(applyMap(map, weights).map(change))));

  it('attack 64: give the key away beside their raw decryptions, by linear algebra', async () => {
    expect(solved(await Promise.all(raws.map(traceOf)))).toEqual(secret);
  });

  it('say what hosts computed to more bits than results are rounded to, so that their noise is what a result leaves out', () => {
    const { real } = decodeTrace(raws[0]!, block, modelScaleBits + matrixScaleBits);
    const exact = applyMap(map, replies[0]!.weights);
    const errors = exact.map((value, place) => Math.abs(real[place]! - value));
    expect(Math.max(...errors)).toBeLessThan(2 ** -PUBLISHED_BITS);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it.each([
    ['what they say without its noise', (value: number) => value],
    ['what they say, rounded as results are', published],
  ])('attack 64: give nothing beside %s', async (_, change) => {
    const found = solved(await said(change));
    expect(await isTernary(found)).toBe(false);
    const equal = found.filter((value, place) => value === secret[place]);
    expect(equal.length).toBeLessThan(2);
  });
});

/** Gauss and Jordan modulo a prime, of rows that end in their right side. */
function solvedBy(rows: bigint[][], q: bigint): bigint[] {
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const from = rows.findIndex((row, place) => place >= pivot && row[pivot] !== 0n);
    [rows[pivot], rows[from]] = [rows[from]!, rows[pivot]!];
    const inverse = inverseOf(rows[pivot]![pivot]!, q);
    const own = rows[pivot]!.map((value) => (value * inverse) % q);
    rows = rows.map((row, place) =>
      place === pivot ? own : row.map((value, k) => (value + (q - row[pivot]!) * own[k]!) % q),
    );
  }
  return rows.map((row) => row.at(-1)!);
}
