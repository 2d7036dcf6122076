import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { context } from '../../testing/fixtures.js';
import { createReferenceBackend } from '../../testing/referenceBackend.js';
import { backends } from '../backends/registry.js';
import { makeKeyPair, readPublicKey } from '../ckks/keys.js';
import { linearParameters } from '../ckks/parameters.js';
import { openScheme } from '../ckks/scheme.js';
import { encodeMap } from './hostMap.js';
import { encryptQuery, readQuery } from './query.js';
import { decryptReply, evaluateReply } from './reply.js';
import { encodeSetup } from './setup.js';

const secret = new Uint8Array(32).fill(3);
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** Every backend, and plain BigInt. */
const all = Object.entries({ ...backends, reference: createReferenceBackend });

describe.each(all)('on the backend %s', async (_, create) => {
  const scheme = await openScheme(linearParameters, create());
  const { secretKey, message } = await makeKeyPair(scheme, secret, context);
  const publicKey = readPublicKey(scheme, message, context);

  it('a key is the one that this secret and couple always had', () => {
    expect(sha(message)).toBe('12d61365a942357c382a4d53e06f9ef2');
  });

  it.each([
    [
      1,
      'dde732c94a484077540b3f63604c4b3d',
      'bcd03fbbaaaf09bed04c53bdb41aba04',
      'e782bf201e096fab4568f5cb2968f18f',
    ],
    [
      10,
      'ae9e921f67baca6d0161659151edc3b3',
      'f4b0dbec1e056e98d6a9b1894d8c289d',
      'ba2a3e131933db4f7a8091c752a531a0',
    ],
    [
      16,
      '1eea53e7e11786c7624374b94822b243',
      'e40700dcd33e3b4942825f3be3e04f8b',
      '6b3d7ef1e6e4c4331f72f64907dfd9fd',
    ],
    [
      17,
      '125d31442042a88b20a23c7ab22302e8',
      '78740a12044424a392b9ceebc2c7e3db',
      'deccc605d973bd042e1fae5f8badaa32',
    ],
    [
      32,
      '635836bd48cf70f440884b18d0f14021',
      '98b0861c869a5fadc36d39e525f351b3',
      'bbbf03842da4ee091ea9ecb4b5ddc4a1',
    ],
  ] as const)(
    'of %d features, query, reply and decrypted sums are those that they always were',
    async (...vector) => {
      const [features, query, reply, sums] = vector;
      const drbg = new Drbg(Buffer.from(`vector/${features}`));
      const numbers = (count: number): Float64Array =>
        Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
      const size = { inputs: features, outputs: features };
      const map = { ...size, matrix: numbers(features ** 2), offset: numbers(features) };
      const round = { ...context, attempt: 7, features, ...size, subset: 4 };
      const sent = await encryptQuery(scheme, { secret, secretKey }, round, numbers(features));
      expect(sha(sent)).toBe(query);
      const input = {
        map: encodeMap(scheme, map),
        query: readQuery(scheme, sent, round),
        publicKey,
        seed: Buffer.from('reply'),
      };
      const answered = await evaluateReply(scheme, input, round);
      expect(sha(answered)).toBe(reply);
      const { result } = await decryptReply(scheme, secretKey, [{ bytes: answered, reply: round }]);
      expect(sha(new Uint8Array(result.real.buffer))).toBe(sums);
    },
  );

  it.each([
    [16, 152, 272, 'f109c29dbb36812516b0413c4b713a07', 'c5196094e01a4fe5e6498206642016a1'],
    [32, 560, 1056, 'cd27ab5ed14f1761ba848db210660db1', '00e5c8553ffbcf360ea3acc8f2c3e404'],
  ] as const)('of %d outputs and %d inputs, with imaginary parts and set-up, too', async (...vector) => {
    const [outputs, inputs, setup, query, reply] = vector;
    const drbg = new Drbg(Buffer.from(`vector/${outputs}/${inputs}`));
    const numbers = (count: number): Float64Array =>
      Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
    const round = { ...context, attempt: 7, features: outputs - 1, inputs, outputs, setup, subset: 4 };
    const entries = {
      matrix: numbers(inputs * outputs),
      imaginary: numbers(inputs * outputs),
      offset: numbers(outputs),
    };
    const flags = new Uint8Array(128).fill(16);
    const sent = await encryptQuery(scheme, { secret, secretKey }, round, numbers(inputs), flags);
    expect(sha(sent)).toBe(query);
    const input = {
      map: encodeMap(scheme, { inputs, outputs, ...entries }),
      query: readQuery(scheme, sent, round),
      publicKey,
      seed: Buffer.from('reply'),
      setup: encodeSetup(scheme, numbers(setup)),
    };
    expect(sha(await evaluateReply(scheme, input, { ...round, withSetup: true }))).toBe(reply);
  });
});
