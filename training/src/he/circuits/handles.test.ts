import { expect, it } from 'vitest';
import { context } from '../../testing/fixtures.js';
import { scheme as plain, secret } from '../../testing/scheme.js';
import { watched } from '../../testing/watchedRing.js';
import { makeKeyPair, readPublicKey } from '../ckks/keys.js';
import type { Scheme } from '../ckks/scheme.js';
import { encodeMap } from './hostMap.js';
import { encryptQuery, readQuery } from './query.js';
import { decryptReply, evaluateReply } from './reply.js';
import { encodeSetup } from './setup.js';

it('a backend holds after a round what is kept for the next one, and nothing else', async () => {
  const { ring, held } = watched(plain.ring);
  const scheme: Scheme = { ...plain, ring };
  const round = { ...context, attempt: 1, features: 31, inputs: 300, outputs: 31, setup: 90, subset: 0 };
  const numbers = (count: number): Float64Array => new Float64Array(count).fill(0.5);

  const { secretKey, message } = await makeKeyPair(scheme, secret, context);
  expect(held.size).toBe(3);
  const publicKey = readPublicKey(scheme, message, context);
  expect(held.size).toBe(5);
  const entries = { matrix: numbers(300 * 31), imaginary: numbers(300 * 31), offset: numbers(31) };
  const map = encodeMap(scheme, { inputs: 300, outputs: 31, ...entries });
  expect(held.size).toBe(5 + 3 + 1); // three ciphertexts, and the offset
  const setup = encodeSetup(scheme, numbers(90));
  expect(held.size).toBe(10);
  const sent = await encryptQuery(scheme, { secret, secretKey }, round, numbers(300));
  expect(held.size).toBe(10);
  const query = readQuery(scheme, sent, round);
  expect(held.size).toBe(10 + 2 * 3);
  const input = { map, query, publicKey, seed: secret, setup };
  const reply = await evaluateReply(scheme, input, { ...round, withSetup: true });
  expect(held.size).toBe(16);
  await decryptReply(scheme, secretKey, [{ bytes: reply, reply: { ...round, withSetup: true } }]);
  expect(held.size).toBe(16);
  await expect(evaluateReply(scheme, { ...input, query: query.slice(1) }, round)).rejects.toThrow(RangeError);
  expect(held.size).toBe(16);
});
