import { describe, expect, it } from 'vitest';
import { hashParts } from '../canonical.js';
import { context } from '../testing/fixtures.js';
import { makeKeyPair, readPublicKey } from './keys.js';
import { encryptModel, readModel } from './modelCiphertext.js';
import { linearParameters, parametersHash, type CkksParameters } from './parameters.js';
import { loadEncoder, type Encode } from './seal.js';

const HEADER = 96;
const secret = new Uint8Array(32).fill(3);
const { secretKey } = makeKeyPair(linearParameters, secret, context);
const encode = await loadEncoder(linearParameters);
const round = { ...context, attempt: 1, features: 3 };
const weights = Float64Array.of(0.25, -0.5, 1);

/** The seed of the random part, which is in the message; the noise's seed comes from the same one. */
function publicSeed(parameters: CkksParameters, encoder: Encode): string {
  const bytes = encryptModel(parameters, { secret, secretKey }, round, weights, encoder);
  return Buffer.from(bytes.subarray(HEADER, HEADER + 32)).toString('hex');
}

describe('the random part of a model', () => {
  const bytes = encryptModel(linearParameters, { secret, secretKey }, round, weights, encode);
  const bodyOf = (names: Partial<typeof round>) => {
    const other = { ...round, ...names };
    const sent = encryptModel(linearParameters, { secret, secretKey }, other, weights, encode);
    sent.set(bytes.subarray(HEADER, HEADER + 32), HEADER); // the seed is the model owner's choice
    return readModel(linearParameters, sent, other).second[0]!.slice(0, 4);
  };

  it('is bound to ledger, couple and attempt: one seed gives another elsewhere', () => {
    const parts = [{}, { channel: 'x' }, { chaincode: 'x' }, { couple: 'tc_2' }, { attempt: 2 }].map(bodyOf);
    expect(new Set(parts.map((part) => part.join())).size).toBe(5);
  });

  it('is never that of the key, even under the hash that the key’s is expanded from', () => {
    const { channel, chaincode, couple } = context;
    const names = [parametersHash(linearParameters), channel, chaincode, couple];
    const sent = bytes.slice();
    sent.set(hashParts('veritrain/he-key-random-part/1', ...names), HEADER);
    const { message } = makeKeyPair(linearParameters, secret, context);
    // Keys are kept in Montgomery form: 2^64 times the residue.
    const key = readPublicKey(linearParameters, message, context).second[0]!;
    const model = readModel(linearParameters, sent, round).second[0]!;
    const [q] = linearParameters.primes;
    expect((model[0]! << 64n) % q!).not.toBe(key[0]);
  });
});

describe('randomness', () => {
  const seed = publicSeed(linearParameters, encode);

  it('of a model is the same for the same plaintext', () => {
    expect(publicSeed(linearParameters, encode)).toBe(seed);
  });

  // Two ciphertexts −a·s + e + m under one a and e show the difference of their plaintexts to anyone.
  it('of a model is another at another scale', () => {
    expect(publicSeed({ ...linearParameters, modelScaleBits: 70 }, encode)).not.toBe(seed);
  });

  it('of a model is another where the same weights are encoded otherwise, by one unit', () => {
    const rounded: Encode = (slots, scaleBits) => {
      const message = encode(slots, scaleBits);
      message[0]![5]! ^= 1n;
      return message;
    };
    expect(publicSeed(linearParameters, rounded)).not.toBe(seed);
  });

  it('of a model is another under another parameter set, as are the keys', () => {
    const other = { ...linearParameters, floodBits: 70 };
    expect(publicSeed(other, encode)).not.toBe(seed);
    const [a, b] = [linearParameters, other].map((parameters) => makeKeyPair(parameters, secret, context));
    expect(a!.secretKey.negated[0]!.slice(0, 4)).not.toEqual(b!.secretKey.negated[0]!.slice(0, 4));
    expect(a!.message.slice(HEADER, HEADER + 32)).not.toEqual(b!.message.slice(HEADER, HEADER + 32));
  });
});
