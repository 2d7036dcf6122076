import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { type PublicJwk, canonicalHashBytes } from '@veritrain/chaincode/domain';
import type { Bytes } from '../storage/files.js';
import { type SealRecipient, keyIdentity, memberIdentity } from './ageKeys.js';
import { type PrivateJwk, deriveKeyPair, deriveSecret, publicPart } from './derive.js';
import { openWith, sealTo } from './envelope.js';
import { openStream, sealStream, wholeOf } from './sealedStream.js';

/**
 * A member's secrets. All of them derive from one random root of 32 bytes by HMAC-SHA-256 over a purpose and ids, so an
 * agent that starts again after a crash derives the same nonces, handles, keys and links, and repeats a step instead of
 * taking it twice. Nothing of it appears in `JSON.stringify` or in logs but the public keys.
 */
export interface Keyring {
  /** Public key that others check this member's signatures with (ES256). */
  readonly signingKey: PublicJwk;
  /** Public key that others seal to. */
  readonly encryptionKey: PublicJwk;
  /** ES256 signature over the bytes (r ‖ s, 64 bytes) in base64url. */
  sign(message: Uint8Array): string;
  /** 32 secret bytes for a purpose of the caller's, such as `('shard', datasetId, '2')`. */
  derive(label: string, ...ids: string[]): Uint8Array;
  /** The nonce of a commitment to an update: 64 hex characters. */
  updateNonce(coupleId: string, attempt: number, instanceId: string): string;
  /** The nonce of a commitment to a package: 64 hex characters. */
  packageNonce(instanceId: string, generation: number): string;
  /** The secret that a couple's training derives its keys from: 32 bytes. */
  coupleSecret(coupleId: string): Uint8Array;
  /** The secret last link of a couple's draw chain, as a digest; `drawAnchor` and `drawLink` take it. */
  lastDrawLink(coupleId: string): string;
  /** An id such as `tc_…`: 26 characters of [0-9a-z] after the prefix, the same for the same context. */
  id(prefix: string, ...context: string[]): string;
  /** A vault handle, the same for the same context: 64 hex characters. */
  handle(...context: string[]): string;
  /** Seals up to a few kilobytes to a member: a compact JWE, the same for the same content. @throws KEY_INVALID */
  seal(recipient: PublicJwk, content: Uint8Array): Promise<string>;
  /** Opens what was sealed to this member. @throws ENVELOPE_UNOPENED */
  open(envelope: string): Promise<Uint8Array>;
  /**
   * Seals content of any size while it streams: to members, or to whoever has a key of 32 bytes. Every time the bytes are
   * others. @throws KEY_INVALID; whatever the content throws
   */
  sealStream(recipients: readonly SealRecipient[], content: Bytes): AsyncIterable<Uint8Array>;
  /**
   * Opens what was sealed to this member, or to the key, while it streams. Whether the content is whole is known at its
   * end only. @throws ENVELOPE_UNOPENED; whatever the content throws
   */
  openStream(content: Bytes, key?: Uint8Array): AsyncIterable<Uint8Array>;
  /** `sealStream` of a whole object. @throws KEY_INVALID */
  sealObject(recipients: readonly SealRecipient[], content: Uint8Array): Promise<Uint8Array>;
  /** `openStream` of a whole object. @throws ENVELOPE_UNOPENED */
  openObject(object: Uint8Array, key?: Uint8Array): Promise<Uint8Array>;
}

export const rootBytes = 32;

/** A new root: random, or from a seed, which only tests and demonstrations may use. */
export function newRoot(seed?: string): Buffer {
  if (seed === undefined) return randomBytes(rootBytes);
  return Buffer.from(canonicalHashBytes('veritrain/seed/1', [seed]));
}

/** A keyring that lives in memory only. With a seed every secret of it is known to whoever knows the seed. */
export function inMemoryKeyring(seed?: string): Keyring {
  return keyringOf(newRoot(seed));
}

export function keyringOf(root: Uint8Array): Keyring {
  return new RootedKeyring(root);
}

class RootedKeyring implements Keyring {
  readonly signingKey: PublicJwk;
  readonly encryptionKey: PublicJwk;
  readonly #root: Uint8Array;
  readonly #signing: PrivateJwk;
  readonly #encryption: PrivateJwk;

  constructor(root: Uint8Array) {
    this.#root = Uint8Array.from(root);
    this.#signing = deriveKeyPair(root, 'signing');
    this.#encryption = deriveKeyPair(root, 'encryption');
    this.signingKey = publicPart(this.#signing);
    this.encryptionKey = publicPart(this.#encryption);
  }

  sign(message: Uint8Array): string {
    const key = createPrivateKey({ key: { ...this.#signing }, format: 'jwk' });
    return sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }

  derive(label: string, ...ids: string[]): Uint8Array {
    return deriveSecret(this.#root, `derive/${label}`, ...ids);
  }

  updateNonce(coupleId: string, attempt: number, instanceId: string): string {
    return deriveSecret(this.#root, 'nonce/update', coupleId, attempt.toString(), instanceId).toString('hex');
  }

  packageNonce(instanceId: string, generation: number): string {
    return deriveSecret(this.#root, 'nonce/package', instanceId, generation.toString()).toString('hex');
  }

  coupleSecret(coupleId: string): Uint8Array {
    return deriveSecret(this.#root, 'couple', coupleId);
  }

  lastDrawLink(coupleId: string): string {
    return `sha256:${deriveSecret(this.#root, 'chain', coupleId).toString('hex')}`;
  }

  id(prefix: string, ...context: string[]): string {
    const number = BigInt(`0x${deriveSecret(this.#root, 'id', prefix, ...context).toString('hex')}`);
    return `${prefix}_${number.toString(36).padStart(50, '0').slice(-26)}`;
  }

  handle(...context: string[]): string {
    return deriveSecret(this.#root, 'handle', ...context).toString('hex');
  }

  seal(recipient: PublicJwk, content: Uint8Array): Promise<string> {
    return sealTo(recipient, content, this.#root);
  }

  open(envelope: string): Promise<Uint8Array> {
    return openWith(this.#encryption, envelope);
  }

  sealStream(recipients: readonly SealRecipient[], content: Bytes): AsyncIterable<Uint8Array> {
    return sealStream(recipients, content, this);
  }

  openStream(content: Bytes, key?: Uint8Array): AsyncIterable<Uint8Array> {
    return openStream(content, key === undefined ? memberIdentity(this) : keyIdentity(key));
  }

  sealObject(recipients: readonly SealRecipient[], content: Uint8Array): Promise<Uint8Array> {
    return wholeOf(this.sealStream(recipients, content));
  }

  openObject(object: Uint8Array, key?: Uint8Array): Promise<Uint8Array> {
    return wholeOf(this.openStream(object, key));
  }
}
