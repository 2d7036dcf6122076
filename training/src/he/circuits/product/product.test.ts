import { describe, expect, it } from 'vitest';
import { Drbg } from '../../../drbg.js';
import { FRAME_BYTES } from '../../../messages/frame.js';
import { applyMap } from '../../../models/applyMap.js';
import type { HostMap, MessageShape } from '../../../models/family.js';
import { refusal } from '../../../testing/errors.js';
import { context as couple } from '../../../testing/fixtures.js';
import { byPrimes, combine, minus, multiply } from '../../../testing/scheme.js';
import { sealMultiplyCiphertexts } from '../../../testing/seal.js';
import { createWasmBackend } from '../../backends/wasm/wasmBackend.js';
import { loadCiphertexts, type Ciphertext } from '../../ckks/encryption.js';
import { makeKeyPair, readPublicKey } from '../../ckks/keys.js';
import { productReplyDistance } from '../../ckks/noise.js';
import { productParameters as parameters } from '../../ckks/parameters.js';
import { multiplyCiphertexts } from '../../ckks/product.js';
import { openScheme } from '../../ckks/scheme.js';
import { centredIntegers } from '../../ring/chineseRemainder.js';
import { power } from '../../ring/modular.js';
import type { Residues } from '../../ring/residues.js';
import { circuitOf } from '../circuit.js';
import { encryptMap, loadEncryptedMap } from './encryptedMap.js';
import { productLayout } from './layout.js';
import { evaluateProductReply, parseProductReply } from './reply.js';

const secret = new Uint8Array(32).fill(3);
const ownersSecret = new Uint8Array(32).fill(4);
const scheme = await openScheme(parameters, createWasmBackend());
const { ring } = scheme;
const pair = await makeKeyPair(scheme, secret, couple);
const key = { secret, secretKey: pair.secretKey };
const publicKey = readPublicKey(scheme, pair.message, couple);

function numbers(seed: string, count: number, size: number): Float64Array {
  const drbg = new Drbg(Buffer.from(seed));
  return Float64Array.from({ length: count }, () => (drbg.below(2 ** 30) / 2 ** 29 - 1) * size);
}

function mapOf(inputs: number, outputs: number): HostMap {
  const matrix = numbers('matrix', inputs * outputs, 4 / Math.sqrt(inputs));
  return { inputs, outputs, matrix, offset: numbers('offset', outputs, 1000) };
}

/** Encrypts both, multiplies and decrypts. */
async function reply(map: HostMap, query: Float64Array, seed = 'reply') {
  const { inputs, outputs } = map;
  const shape: MessageShape = {
    inputs,
    outputs,
    imaginary: false,
    maxInput: 16,
    setup: 0,
    isMapEncrypted: true,
  };
  const circuit = circuitOf(shape);
  const context = { ...couple, ...shape, attempt: 1, features: inputs, subset: 0 };
  const model = await circuit.encryptQuery(scheme, key, context, query, new Uint8Array(0));
  const [sent] = loadCiphertexts(scheme, circuit.parseQuery(model, context).ciphertexts, context);
  const encrypted = await encryptMap(scheme, publicKey, ownersSecret, ['test'], map);
  const input = {
    map: loadEncryptedMap(scheme, encrypted),
    query: sent!,
    publicKey,
    seed: Buffer.from(seed),
  };
  const bytes = await evaluateProductReply(scheme, input, context);
  return {
    ...{ bytes, model, circuit, shape, context, encrypted, sent: sent!, input },
    said: await circuit.decryptReply(scheme, pair.secretKey, [{ bytes, reply: context }]),
  };
}

describe.each([
  [1, 1],
  [3, 7],
  [10, 10],
  [16, 16],
  [32, 32],
  [62, 62],
])('an encrypted matrix of %d × %d numbers', (inputs, outputs) => {
  it('times an encrypted vector, plus the offset, is the reply, and what is free in it is noise', async () => {
    const map = mapOf(inputs, outputs);
    const query = numbers('query', inputs, 1);
    const { said, circuit, bytes, model, shape } = await reply(map, query);
    const exact = applyMap(map, query);
    const errors = Array.from(said.values, (value, place) => Math.abs(value - exact[place]!));
    expect(Math.max(...errors)).toBeLessThan(2 ** -21);
    expect(said.values).toHaveLength(outputs);
    expect(said.free.length).toBeGreaterThanOrEqual(1);
    expect(said.free.every((value) => Math.abs(value) <= circuit.maxNoise.result)).toBe(true);
    expect([model.length, bytes.length]).toEqual([
      FRAME_BYTES + circuit.queryBytes(shape),
      FRAME_BYTES + circuit.replyBytes(shape),
    ]);
  });
});

it('numbers at the ends of the range come back', async () => {
  const map = {
    inputs: 2,
    outputs: 2,
    matrix: Float64Array.of(1000, 20, -1000, -20),
    offset: Float64Array.of(63, -63),
  };
  const { said } = await reply(map, Float64Array.of(16, 16));
  expect(Math.abs(said.values[0]! - 16383)).toBeLessThan(2 ** -16);
  expect(Math.abs(said.values[1]! + 16383)).toBeLessThan(2 ** -16);
});

it('more inputs than a block holds are refused', () => {
  expect(() => productLayout(parameters, { inputs: 64, outputs: 64 })).toThrow(RangeError);
});

describe('the product of two ciphertexts', async () => {
  const { sent, encrypted } = await reply(mapOf(10, 10), numbers('query', 10, 1));
  const parts = await readCiphertext(sent);

  it('has the bits that SEAL’s has', async () => {
    const right = byPrimes(encrypted.first, encrypted.second);
    const seal = sealMultiplyCiphertexts(
      { polynomials: byPrimes(...parts), scaleBits: parameters.modelScaleBits },
      { polynomials: right, scaleBits: parameters.matrixScaleBits },
    );
    const product = multiplyCiphertexts(sent, loadEncryptedMap(scheme, encrypted));
    const ours = await ring.read(ring.sumProducts(product.map((terms) => ({ terms }))));
    expect(byPrimes(...ours).map(String)).toEqual(seal.map(String));
  });

  it('is what a data owner encrypted, to whoever holds key and query, were it sent as it is', async () => {
    const [first, second, third] = multiplyCiphertexts(sent, loadEncryptedMap(scheme, encrypted));
    const [, two, three] = await ring.read(
      ring.sumProducts([{ terms: first }, { terms: second }, { terms: third }]),
    );
    expect(await stolen(parts, two, three)).toBeLessThan(1e-6);
  });

  it('is not, as it is sent', async () => {
    const { bytes, context, input } = await reply(mapOf(10, 10), numbers('query', 10, 1));
    const { second, third } = parseProductReply(bytes, context);
    expect(await stolen(parts, second, third)).toBeGreaterThan(1e6);
    const other = parseProductReply(
      await evaluateProductReply(scheme, { ...input, seed: Buffer.from('other') }, context),
      context,
    );
    const bare = multiplyCiphertexts(input.query, input.map)[2];
    const [unsanitised] = await ring.read(ring.sumProducts([{ terms: bare }]));
    for (const known of [other.third, unsanitised]) expect(countEqual(third, known)).toBeLessThan(2);
    expect(countEqual(second, other.second)).toBeLessThan(2);
  });

  it('carries randomness of its own in each part, to a query of zeros too', async () => {
    const { bytes, context, input } = await reply(mapOf(10, 10), new Float64Array(10));
    const { second, third } = parseProductReply(bytes, context);
    const [, two, three] = multiplyCiphertexts(input.query, input.map);
    const bare = await ring.read(ring.sumProducts([{ terms: two }, { terms: three }]));
    const randomness = [minus(second, bare[0]), minus(third, bare[1])] as const;
    expect(countEqual(...randomness)).toBeLessThan(2);
  });

  it('hides the query’s noise times the matrix under flooding of 2^46 times its size', () => {
    const { matrix, offset } = mapOf(10, 10);
    const length = Math.hypot(...matrix, ...offset.map((value) => value / 1000));
    expect(productReplyDistance(parameters, length, 16)).toBeLessThan(2 ** -36);
  });
});

it('a reply follows from its input to the last bit', async () => {
  const map = mapOf(4, 4);
  const query = numbers('query', 4, 1);
  const one = await reply(map, query);
  expect((await reply(map, query)).bytes).toEqual(one.bytes);
  expect(one.encrypted).toEqual(await encryptMap(scheme, publicKey, ownersSecret, ['test'], map));
  const nudged = { ...map, offset: map.offset.map((value) => value + 2 ** -30) };
  for (const other of [
    await encryptMap(scheme, publicKey, ownersSecret, ['test'], nudged),
    await encryptMap(scheme, publicKey, ownersSecret, ['other'], map),
    await encryptMap(scheme, publicKey, secret, ['test'], map),
  ])
    expect(countEqual(one.encrypted.second, other.second)).toBeLessThan(2);
});

it('messages of another length, attempt or with residues too large are refused', async () => {
  const { circuit, context, bytes, model } = await reply(mapOf(5, 3), new Float64Array(5));
  refusal(() => circuit.checkReply(bytes.subarray(1), context), 'VT7402');
  refusal(() => circuit.checkReply(bytes.subarray(0, bytes.length - 8), context), 'VT7401');
  refusal(() => circuit.checkReply(bytes, { ...context, attempt: 2 }), 'VT7408');
  refusal(() => circuit.parseQuery(model.subarray(0, model.length - 8), context), 'VT7401');
  const third = bytes.length - 8;
  for (const place of [FRAME_BYTES, FRAME_BYTES + 1000, third])
    refusal(() => circuit.checkReply(Uint8Array.from(bytes).fill(0xff, place, place + 8), context), 'VT7407');
});

async function readCiphertext({ first, second }: Ciphertext): Promise<[Residues, Residues]> {
  return [await readOneHere(first), await readOneHere(second)];
}

async function readOneHere(polynomial: Ciphertext['first']): Promise<Residues> {
  const [residues] = await ring.read([polynomial]);
  return residues;
}

const divide = (a: Residues, b: Residues): Residues =>
  combine([a, b], ([value, by], q) => (value! * power(by!, q - 2n, q)) % q);

function countEqual(a: Residues, b: Residues): number {
  return a.reduce((count, value, place) => count + (value === b[place]! ? 1 : 0), 0);
}

/**
 * What a curious model owner does with the parts of a product: from the third the second part of the encrypted matrix, from the
 * second then its first part, and with the key all of it.
 * @returns how far the guess of the first row is off
 */
async function stolen(
  [first, second]: readonly [Residues, Residues],
  two: Residues,
  three: Residues,
): Promise<number> {
  const matrixSecond = divide(three, second);
  const matrixFirst = divide(minus(two, await multiply(first, matrixSecond)), second);
  const [a, b] = ring.load([matrixFirst, matrixSecond]);
  const [plain] = ring.sumProducts([{ terms: [[b, pair.secretKey.secret]], plus: [a] }]);
  const [coefficients] = await ring.read(ring.invert([plain]));
  const found = centredIntegers(coefficients, parameters.primes, 1n);
  const { matrix } = mapOf(10, 10);
  // Entry (0, i) is minus the coefficient of X^(N − i).
  const guesses = Array.from(
    { length: 9 },
    (_, i) => -Number(found[found.length - i - 1]) / 2 ** parameters.matrixScaleBits,
  );
  return Math.max(...guesses.map((guess, i) => Math.abs(guess - matrix[i + 1]!)));
}
