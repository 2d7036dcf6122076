import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import type { HostMap } from '../../models/family.js';
import { FRAME_BYTES } from '../../messages/frame.js';
import { defineProgram } from '../../program.js';
import { asyncRefusal, refusal } from '../../testing/errors.js';
import { context, diabetes, packageOf, prepare, trainerOf } from '../../testing/fixtures.js';
import {
  combine,
  keyMessage,
  loadOne,
  minus,
  multiply,
  publicKey,
  readFactor,
  readOne,
  scheme,
  secret,
} from '../../testing/scheme.js';
import { trainOnShard } from '../../trainer/host.js';
import { createWasmBackend } from '../backends/wasm/wasmBackend.js';
import { encodeMap } from '../circuits/hostMap.js';
import { evaluateReply, parseReply } from '../circuits/reply.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import type { Residues } from '../ring/residues.js';
import type { Ciphertext } from './encryption.js';
import { makeKeyPair, parsePublicKey, readPublicKey, type PublicKey } from './keys.js';
import { linearParameters as parameters } from './parameters.js';

// A host re-randomises its reply by the model owner's public key (pk0, pk1): second-out = M·second-in + u·pk1 + e. In Microsoft SEAL's
// format the owner sends both parts of the key, and both of a ciphertext. Here hosts derive pk1, and second-in, by hashes. Each weakened
// host below is made of the same layers, and takes the parts as they are sent.

const { ring } = scheme;
const { ringDegree, primes } = parameters;
const features = 10;
const drbg = new Drbg(Buffer.from('weak keys'));
const matrix = Float64Array.from({ length: features ** 2 }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
const mapOf = (entries: Float64Array): HostMap => ({
  inputs: features,
  outputs: features,
  matrix: entries,
  offset: new Float64Array(features),
});
const encodedOf = async (entries: Float64Array): Promise<Residues> =>
  readFactor(encodeMap(scheme, mapOf(entries)).matrix[0]!);
const map = encodeMap(scheme, mapOf(matrix));
const encoded = await encodedOf(matrix);

/** A small polynomial: value·X^shift. */
async function monomial(value: number, shift = 0): Promise<Residues> {
  const coefficients = new Int32Array(ringDegree);
  coefficients[shift] = value;
  return readOne(ring.transformSigned([coefficients])[0]);
}

const uniform = (): Residues =>
  combine([new BigUint64Array(ringDegree * primes.length)], (_, q) => {
    const [low, high] = new BigUint64Array(drbg.bytes(16).slice().buffer);
    return (low! | (high! << 64n)) % q;
  });
/** A key message of any first part. */
const messageOf = (first: Residues): Uint8Array =>
  Buffer.concat([keyMessage.subarray(0, FRAME_BYTES), new Uint8Array(first.buffer)]);
const zero = await monomial(0);
const one = await monomial(1);

/** A key of parts as they are sent. */
function keyOf(first: Residues, second: Residues): PublicKey {
  const [a, b] = ring.factors([loadOne(first), loadOne(second)]);
  return { first: a, second: b };
}

/** Second part of a reply to any ciphertext under any key. */
async function secondOf(used: PublicKey, sent: { first: Residues; second: Residues }): Promise<Residues> {
  const round = { ...context, attempt: 1, features, inputs: features, outputs: features, subset: 0 };
  const query: Ciphertext[] = [{ first: loadOne(sent.first), second: loadOne(sent.second) }];
  const bytes = await evaluateReply(
    scheme,
    { map, query, publicKey: used, seed: Buffer.from('seed') },
    round,
  );
  return parseReply(parameters, bytes, round).result.second;
}

/** Largest coefficient, as bits. */
async function bitsOf(residues: Residues): Promise<number> {
  const coefficients = centredIntegers(await readOne(ring.invert([loadOne(residues)])[0]), primes, 1n);
  return Math.max(...coefficients.map((value) => (value < 0n ? -value : value).toString(2).length));
}

/** Bits of what is left of a reply's second part without a guess of the matrix: few, if the guess is right and nothing hides it. */
const left = async (reply: Residues, secondIn: Residues, guess: Residues): Promise<number> =>
  bitsOf(minus(reply, await multiply(secondIn, guess)));

const derived = await readFactor(publicKey.second);
const honestFirst = await readFactor(publicKey.first);
const secondIn = uniform();
const almost = await encodedOf(matrix.map((entry, place) => entry + (place === 37 ? 2 ** -20 : 0)));

describe('a host that takes both parts of a key from its message', async () => {
  it('attack 65: gives its whole matrix to a key of zeros and a ciphertext of (0, 1), in one reply', async () => {
    const reply = await secondOf(keyOf(zero, zero), { first: zero, second: one });
    // All N coefficients, but for the noise e.
    expect(await bitsOf(minus(reply, encoded))).toBeLessThan(6);
  });

  it.each([
    ['0', zero],
    ['1', one],
    ['−X^7', await monomial(-1, 7)],
    ['1000·X', await monomial(1000, 1)],
  ])(
    'attack 65: confirms a guess of its rows to a key with pk1 = %s, whatever it is asked',
    async (_, weak) => {
      const reply = await secondOf(keyOf(honestFirst, weak), { first: zero, second: secondIn });
      expect(await left(reply, secondIn, encoded)).toBeLessThan(20);
      // One entry that is off by a millionth is told.
      expect(await left(reply, secondIn, almost)).toBeGreaterThan(115);
    },
  );
});

describe('a host', () => {
  it.each([
    ['of zeros', zero],
    ['of 1', one],
    ['that is the derived part', derived],
    ['that an honest owner made', honestFirst],
  ])(
    'attack 65: confirms no guess to a key whose first part is one %s, since it derives the second',
    async (_, first) => {
      const used = readPublicKey(scheme, messageOf(first), context);
      expect(await readFactor(used.second)).toEqual(derived);
      const reply = await secondOf(used, { first: zero, second: secondIn });
      expect(await left(reply, secondIn, encoded)).toBeGreaterThan(115);
      // Nor does a ciphertext that could not be sent.
      const bare = await secondOf(used, { first: zero, second: one });
      expect(await bitsOf(minus(bare, encoded))).toBeGreaterThan(115);
    },
  );

  it.each([
    ['0', zero],
    ['1', one],
    ['of its own choice', uniform()],
  ])('attack 65: refuses a key that brings pk1 = %s before it computes anything', async (_, second) => {
    const both = Buffer.concat([keyMessage, new Uint8Array(second.buffer)]);
    refusal(() => parsePublicKey(parameters, both, context), 'VT7401');
    const opened: unknown[] = [];
    const wasm = createWasmBackend();
    const backend = {
      name: 'counting',
      open: (shape: Parameters<typeof wasm.open>[0]) => {
        opened.push(shape);
        return wasm.open(shape);
      },
    };
    const prepared = prepare(diabetes(), 3);
    const program = defineProgram();
    const trainer = await trainerOf(prepared, program);
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const job = { package: packageOf(prepared, 0), program, model, ...context, attempt: 1, backend };
    await asyncRefusal(() => trainOnShard({ ...job, heKey: both }), 'VT7401');
    expect(opened).toEqual([]);
    await trainOnShard({ ...job, heKey: trainer.heKey() });
    expect(opened).toHaveLength(1);
  });

  it('attack 65: derives another second part for each couple, so that none is chosen by a choice of names', async () => {
    const names = [{ couple: 'tc_2' }, { channel: 'x' }, { chaincode: 'x' }];
    for (const other of names) {
      const elsewhere = { ...context, ...other };
      const { message } = await makeKeyPair(scheme, secret, elsewhere);
      const { second } = readPublicKey(scheme, message, elsewhere);
      const residues = await readFactor(second);
      expect(residues.filter((value, place) => value === derived[place]).length).toBeLessThan(2);
    }
  });
});
