import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signLowS, verifyLowS } from './signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function sOf(der: Uint8Array): bigint {
  const rLength = der[3]!;
  return BigInt(`0x${Buffer.from(der.subarray(4 + rLength + 2)).toString('hex')}`);
}

describe('signLowS', () => {
  it('makes signatures that verify, with S in the lower half', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const signature = signLowS(privateKey, data);
        expect(sOf(signature) <= HALF_ORDER).toBe(true);
        expect(verifyLowS(publicKey, data, signature)).toBe(true);
      }),
    );
  });
});

describe('verifyLowS', () => {
  it('refuses the other half, though its signature is correct', () => {
    const data = Buffer.from('data');
    let high = sign('sha256', data, privateKey);
    while (sOf(high) <= HALF_ORDER) high = sign('sha256', data, privateKey);
    expect(verifyLowS(publicKey, data, high)).toBe(false);
  });

  it('refuses other data', () => {
    expect(verifyLowS(publicKey, Buffer.from('other'), signLowS(privateKey, Buffer.from('data')))).toBe(
      false,
    );
  });

  it('refuses any bytes that are no signature, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(verifyLowS(publicKey, Buffer.from('data'), bytes)).toBe(false);
      }),
    );
  });
});
