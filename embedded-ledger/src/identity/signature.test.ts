import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signLowS, verifyLowS } from './signature.js';

/** Half the order of each curve, rounded down. */
const CURVES: [name: string, halfOrder: bigint][] = [
  ['P-224', 0x7fffffffffffffffffffffffffff8b51705c781f09ee94a2ae2e151en],
  ['P-256', 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n],
  [
    'P-384',
    0x7fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9n,
  ],
  [
    'P-521',
    0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd28c343c1df97cb35bfe600a47b84d2e81ddae4dc44ce23d75db7db8f489c3204n,
  ],
];

const data = Buffer.from('data');

function sOf(der: Uint8Array): bigint {
  const start = der[1]! > 0x80 ? 3 : 2;
  const rLength = der[start + 1]!;
  return BigInt(`0x${Buffer.from(der.subarray(start + 2 + rLength + 2)).toString('hex')}`);
}

describe.each(CURVES)('on %s', (namedCurve, halfOrder) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });

  /** An OpenSSL signature whose S is in the given half. */
  function signatureIn(half: 'low' | 'high'): Buffer {
    for (;;) {
      const signature = sign('sha256', data, privateKey);
      if (sOf(signature) <= halfOrder === (half === 'low')) return signature;
    }
  }

  it('signLowS makes signatures that verify, with S in the lower half', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const signature = signLowS(privateKey, message);
        expect(sOf(signature) <= halfOrder).toBe(true);
        expect(verifyLowS(publicKey, message, signature)).toBe(true);
      }),
    );
  });

  it('verifyLowS accepts one half, and refuses the other, though its signature is correct', () => {
    expect(verifyLowS(publicKey, data, signatureIn('low'))).toBe(true);
    expect(verifyLowS(publicKey, data, signatureIn('high'))).toBe(false);
  });

  it('verifyLowS refuses other data, and another hash', () => {
    expect(verifyLowS(publicKey, Buffer.from('other'), signLowS(privateKey, data))).toBe(false);
    expect(verifyLowS(publicKey, data, sign('sha384', data, privateKey))).toBe(false);
  });

  it('verifyLowS refuses any bytes that are no signature, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(verifyLowS(publicKey, data, bytes)).toBe(false);
      }),
    );
  });
});

describe('a key that Fabric does not know', () => {
  const others: [string, { privateKey: KeyObject; publicKey: KeyObject }][] = [
    ['Ed25519', generateKeyPairSync('ed25519')],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
  ];

  it.each(others)('verifies nothing: %s', (name, { privateKey, publicKey }) => {
    const signature = sign(name === 'Ed25519' ? undefined : 'sha256', data, privateKey);
    expect(verifyLowS(publicKey, data, signature)).toBe(false);
    expect(() => signLowS(privateKey, data)).toThrow(TypeError);
  });
});
