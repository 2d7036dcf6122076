import { describe, expect, it } from 'vitest';
import { hashParts } from '../../canonical.js';
import { context } from '../../testing/fixtures.js';
import { key, keyMessage, publicKey, readFactor, readOne, scheme, secret } from '../../testing/scheme.js';
import { encryptQuery, readQuery } from '../circuits/query.js';
import type { Encode } from './encoder.js';
import { makeKeyPair } from './keys.js';
import { linearParameters, parametersHash, type CkksParameters } from './parameters.js';

const HEADER = 96;
const round = { ...context, attempt: 1, features: 3, inputs: 3, outputs: 3 };
const weights = Float64Array.of(0.25, -0.5, 1);

/** The seed of the random part, which is in the message; the noise's seed comes from the same one. */
async function publicSeed(parameters: CkksParameters, encode: Encode): Promise<string> {
  const bytes = await encryptQuery({ ...scheme, parameters, encode }, key, round, weights);
  return Buffer.from(bytes.subarray(HEADER, HEADER + 32)).toString('hex');
}

describe('the random part of a model', async () => {
  const bytes = await encryptQuery(scheme, key, round, weights);
  const secondOf = (sent: Uint8Array, context_: typeof round) =>
    readOne(readQuery(scheme, sent, context_)[0]!.second);
  const bodyOf = async (names: Partial<typeof round>) => {
    const other = { ...round, ...names };
    const sent = await encryptQuery(scheme, key, other, weights);
    sent.set(bytes.subarray(HEADER, HEADER + 32), HEADER); // the seed is the model owner's choice
    return (await secondOf(sent, other)).slice(0, 4);
  };

  it('is bound to ledger, couple and attempt: one seed gives another elsewhere', async () => {
    const names = [{}, { channel: 'x' }, { chaincode: 'x' }, { couple: 'tc_2' }, { attempt: 2 }];
    const parts = await Promise.all(names.map(bodyOf));
    expect(new Set(parts.map((part) => part.join())).size).toBe(5);
  });

  it('is never that of the key, even under the hash that the key’s is expanded from', async () => {
    const { channel, chaincode, couple } = context;
    const names = [parametersHash(linearParameters), channel, chaincode, couple];
    const sent = bytes.slice();
    sent.set(hashParts('veritrain/he-key-random-part/1', ...names), HEADER);
    const ofKey = await readFactor(publicKey.second);
    expect((await secondOf(sent, round))[0]).not.toBe(ofKey[0]);
  });
});

describe('randomness', async () => {
  const seed = await publicSeed(linearParameters, scheme.encode);

  it('of a model is the same for the same plaintext', async () => {
    expect(await publicSeed(linearParameters, scheme.encode)).toBe(seed);
  });

  // Two ciphertexts −a·s + e + m under one a and e show the difference of their plaintexts to anyone.
  it('of a model is another at another scale', async () => {
    expect(await publicSeed({ ...linearParameters, modelScaleBits: 70 }, scheme.encode)).not.toBe(seed);
  });

  it('of a model is another where the same weights are encoded otherwise, by one unit', async () => {
    const rounded: Encode = (slots, scaleBits) => {
      const message = scheme.encode(slots, scaleBits);
      message[5]! ^= 1n;
      return message;
    };
    expect(await publicSeed(linearParameters, rounded)).not.toBe(seed);
  });

  it('of a model is another under another parameter set, as are the keys', async () => {
    const other = { ...linearParameters, floodBits: 70 };
    expect(await publicSeed(other, scheme.encode)).not.toBe(seed);
    const { secretKey, message } = await makeKeyPair({ ...scheme, parameters: other }, secret, context);
    const [a, b] = await Promise.all([key.secretKey, secretKey].map((each) => readFactor(each.negated)));
    expect(a!.slice(0, 4)).not.toEqual(b!.slice(0, 4));
    expect(keyMessage.slice(HEADER, HEADER + 32)).not.toEqual(message.slice(HEADER, HEADER + 32));
  });
});
