import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { signers } from '@hyperledger/fabric-gateway';
import { describe, expect, it } from 'vitest';
import { isVeritrainError } from '../errors/veritrainError.js';
import { nativeSigner } from './signer.js';

/** Half the order of each curve, rounded down. */
const curves: [curve: string, halfOrder: bigint][] = [
  ['P-256', 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n],
  [
    'P-384',
    0x7fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9n,
  ],
];
const pair = (curve: string) => generateKeyPairSync('ec', { namedCurve: curve });
const pem = (key: ReturnType<typeof pair>['privateKey']): string =>
  key.export({ type: 'pkcs8', format: 'pem' }) as string;

function scalars(der: Uint8Array): [bigint, bigint] {
  const rLength = der[3]!;
  const r = der.subarray(4, 4 + rLength);
  const s = der.subarray(6 + rLength);
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  return [number(r), number(s)];
}

describe.each(curves)('nativeSigner on %s', (curve, halfOrder) => {
  it('makes DER signatures with low S that OpenSSL accepts, whatever the lengths of r and s', async () => {
    const { privateKey, publicKey } = pair(curve);
    const sign = nativeSigner(pem(privateKey));
    const lengths = new Set<number>();
    for (let index = 0; index < 1500; index += 1) {
      const message = Buffer.from(`message ${index}`);
      const signature = await sign(message);
      lengths.add(signature.length);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      expect(scalars(signature)[1]).toBeLessThanOrEqual(halfOrder);
    }
    expect(lengths.size).toBeGreaterThan(2);
  });

  it('signs what the stock signer signs: its signatures verify over the digest the stock signer is given', async () => {
    const { privateKey, publicKey } = pair(curve);
    const message = Buffer.from('the same message');
    const stock = await signers.newPrivateKeySigner(privateKey)(
      createHash('sha256').update(message).digest(),
    );
    const native = await nativeSigner(pem(privateKey))(message);
    for (const signature of [stock, native])
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
  });
});

describe('nativeSigner', () => {
  it.each([
    ['a P-521 key', () => pem(pair('P-521').privateKey)],
    [
      'an Ed25519 key',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    ],
    ['text that is no key', () => '-----BEGIN PRIVATE KEY-----\nnot a key\n-----END PRIVATE KEY-----\n'],
  ])('refuses %s', (_, key) => {
    expect(() => nativeSigner(key())).toThrow(expect.objectContaining({ code: 'VT8003' }));
    try {
      nativeSigner(key());
    } catch (error) {
      expect(isVeritrainError(error, 'VT8003')).toBe(true);
      expect(JSON.stringify(error)).not.toContain('BEGIN');
    }
  });
});
