import { createECDH, createHmac } from 'node:crypto';
import { type PublicJwk, canonicalHashBytes } from '@veritrain/chaincode/domain';

const tag = 'veritrain/keyring/1';
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** A private P-256 key as JWK. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** 32 bytes that depend on the root, the purpose and every part of the context, and tell nothing of each other. */
export function deriveSecret(root: Uint8Array, purpose: string, ...context: string[]): Buffer {
  return createHmac('sha256', root)
    .update(canonicalHashBytes(tag, [purpose, ...context]))
    .digest();
}

/**
 * A P-256 key pair from a root. The scalar is drawn again with the next counter while it is outside [1, n - 1], as in
 * FIPS 186-5, A.2.2 (testing candidates); that happens once in 2^32 draws.
 */
export function deriveKeyPair(root: Uint8Array, purpose: string, ...context: string[]): PrivateJwk {
  for (let counter = 0; ; counter += 1) {
    const scalar = deriveSecret(root, `${purpose}/scalar`, ...context, counter.toString());
    if (scalar.compare(order) < 0 && scalar.some((byte) => byte !== 0)) return keyPairOf(scalar);
  }
}

function keyPairOf(scalar: Buffer): PrivateJwk {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x, y, d: scalar.toString('base64url') };
}

export function publicPart({ kty, crv, x, y }: PublicJwk): PublicJwk {
  return { kty, crv, x, y };
}
