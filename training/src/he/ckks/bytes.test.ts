import loadSeal from 'node-seal';
import { describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../../messages/frame.js';
import type { MessageShape } from '../../models/family.js';
import { familyNames, familyOf } from '../../models/registry.js';
import { defineProgram } from '../../program.js';
import { familyChoices, familyTables } from '../../testing/familyTables.js';
import { context, diabetes, packageOf, prepare, runRounds, trainerOf } from '../../testing/fixtures.js';
import { encryptPackage, openEncryptedPackage } from '../../trainer/encryptedPackage.js';
import { messageShape } from '../../trainer/messageShape.js';
import { messageSizes } from '../../trainer/messageSizes.js';
import { circuitOf } from '../circuits/circuit.js';
import { coefficientLayout } from '../circuits/coefficients/layout.js';
import { packingOf } from '../circuits/packing.js';
import { seededBytes } from './encryption.js';
import { coefficientParameters, linearParameters, productParameters } from './parameters.js';

// "Bytes a round: at most half of SEAL's default" is a claim about each ciphertext of a query and of a reply. The baseline is what
// SEAL writes of a CKKS ciphertext with its own choice for the ring degree and 128 bits, `CoeffModulus::BFVDefault`: 218 bits for
// 8192, five primes, of which ciphertexts have four at their first level. It is two whole polynomials of 64-bit residues as
// `Ciphertext::save` has them without compression; a seed for the second one is no default either. Where the host multiplies two
// ciphertexts the baseline is SEAL's product, which has three polynomials; such a reply is a little more than half of two.

const seal = await loadSeal();
const none = seal.ComprModeType.none;
const { ringDegree } = linearParameters;

type Modulus = ReturnType<typeof seal.CoeffModulus.BFVDefault>;
const bytesOf = (ciphertext: { saveToArray(mode: typeof none): unknown }): number =>
  (ciphertext.saveToArray(none) as Uint8Array).length;

/** Bytes of SEAL's ciphertexts at the first level of a modulus. */
function sealBytes(modulus: Modulus) {
  const settings = new seal.EncryptionParameters(seal.SchemeType.ckks);
  settings.setPolyModulusDegree(ringDegree);
  settings.setCoeffModulus(modulus);
  const sealContext = new seal.SEALContext(settings, true, seal.SecLevelType.tc128);
  const keys = new seal.KeyGenerator(sealContext);
  const plaintext = new seal.Plaintext();
  new seal.CKKSEncoder(sealContext).encode(Float64Array.of(1), 2 ** 40, plaintext);
  const encryptor = new seal.Encryptor(sealContext, keys.createPublicKey());
  encryptor.setSecretKey(keys.secretKey());
  const [symmetric, publicKey, product] = [
    new seal.Ciphertext(),
    new seal.Ciphertext(),
    new seal.Ciphertext(),
  ];
  encryptor.encryptSymmetric(plaintext, symmetric);
  encryptor.encrypt(plaintext, publicKey);
  new seal.Evaluator(sealContext).multiply(symmetric, publicKey, product);
  return { symmetric: bytesOf(symmetric), publicKey: bytesOf(publicKey), product: bytesOf(product) };
}

const defaultModulus = seal.CoeffModulus.BFVDefault(ringDegree, seal.SecLevelType.tc128);
const ofDefault = sealBytes(defaultModulus);
const half = ofDefault.publicKey / 2;

/** How many ciphertexts a query has, and a reply but for its set-up, which is one more. */
function ciphertextsOf(shape: MessageShape): { readonly query: number; readonly reply: number } {
  const { vectors } = shape;
  if (shape.isMapEncrypted === true) return { query: 1, reply: 1 };
  if (vectors === undefined) return { query: packingOf(linearParameters, shape).ciphertexts, reply: 1 };
  const { groups, inputRuns, outputRuns } = coefficientLayout(coefficientParameters, { ...shape, vectors });
  return { query: groups * inputRuns, reply: groups * outputRuns };
}

describe('SEAL’s default', () => {
  it('has 218 bits in five primes, and writes two polynomials of four', () => {
    const bits = Array.from({ length: defaultModulus.size() }, (_, index) =>
      Math.log2(Number(defaultModulus.get(index)!.value())),
    );
    expect(bits).toHaveLength(5);
    expect(Math.round(bits.reduce((sum, each) => sum + each, 0))).toBe(218);
    const polynomial = 4 * 8 * ringDegree;
    expect(ofDefault.publicKey).toBe(ofDefault.symmetric);
    expect(ofDefault.publicKey - 2 * polynomial).toBeLessThan(128);
    expect(ofDefault.product - 3 * polynomial).toBeLessThan(128);
  });

  it('is of the ring degree that all families use', () => {
    for (const parameters of [linearParameters, coefficientParameters, productParameters])
      expect(parameters.ringDegree).toBe(ringDegree);
  });
});

describe.each(familyNames)('messages of %s', (family) => {
  const program = defineProgram({ family, ...familyChoices[family] });

  it('have at most half of the bytes of as many of SEAL’s: a query, a reply, and a first one with a set-up', async () => {
    const prepared = prepare(familyTables[family](), 2, { program });
    const shape = messageShape(program, prepared.template.features);
    const { query, reply } = ciphertextsOf(shape);
    const setup = shape.setup > 0 ? 1 : 0;
    const { bytes } = await runRounds(prepared, program, [[0], [0]]);
    const [, ...lengths] = bytes.map(({ length }) => length);
    const counts = [query, reply + setup, query, reply];
    expect(lengths).toHaveLength(4);
    for (const [place, count] of counts.entries()) expect(lengths[place]).toBeLessThanOrEqual(count * half);
  });

  it('have at most half of them for any number of features', () => {
    const { maxFeatures } = familyOf(family);
    for (const features of [1, 2, 8, 15, 16, 31, 32, 33, 128, 512, 1023, 1024]) {
      if (features > maxFeatures) continue;
      const shape = messageShape(program, features);
      const { query, reply } = ciphertextsOf(shape);
      const sizes = messageSizes(program, features);
      expect(sizes.modelBytes).toBeLessThanOrEqual(query * half);
      expect(sizes.updateBytes).toBeLessThanOrEqual(reply * half);
      expect(sizes.firstUpdateBytes).toBeLessThanOrEqual((reply + (shape.setup > 0 ? 1 : 0)) * half);
      expect(circuitOf(shape).parameters.ringDegree).toBe(ringDegree);
    }
  });
});

describe('messages of a program on encrypted data', () => {
  it('have at most half: a query of one ciphertext, a reply of SEAL’s product of two', async () => {
    const program = defineProgram({ data: 'encrypted' });
    const clear = prepare(diabetes(), 2);
    const { template } = clear;
    const heKey = (await trainerOf(clear, program)).heKey();
    const sent = await encryptPackage({ package: packageOf(clear, 0), program, heKey, ...context });
    const opened = openEncryptedPackage(sent, { program, template, ...context });
    const { bytes } = await runRounds({ template, packages: [opened] }, program, [[0]]);
    const [, query, reply] = bytes.map(({ length }) => length);
    expect(query).toBeLessThanOrEqual(half);
    expect(reply).toBeLessThanOrEqual(ofDefault.product / 2);
  });
});

describe('a query', () => {
  it('has at most half of what SEAL writes of the same primes, but for the head that names couple and round', () => {
    const ofSamePrimes = sealBytes(seal.CoeffModulus.Create(ringDegree, Int32Array.of(60, 60, 60)));
    for (const [name, parameters] of [
      ['linear', linearParameters],
      ['ridge', coefficientParameters],
    ] as const) {
      const program = defineProgram({ family: name });
      const { query } = ciphertextsOf(messageShape(program, 10));
      const ciphertexts = messageSizes(program, 10).modelBytes - FRAME_BYTES;
      expect(ciphertexts).toBe(seededBytes(parameters, query));
      expect(ciphertexts).toBeLessThanOrEqual((query * ofSamePrimes.symmetric) / 2);
    }
  });
});
