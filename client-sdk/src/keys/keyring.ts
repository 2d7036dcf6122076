import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import {
  type DrawSide,
  type LedgerContext,
  type PublicJwk,
  canonicalHashBytes,
} from '@veritrain/chaincode/domain';
import type { Bytes } from '../storage/files.js';
import { type SealRecipient, keyIdentity, memberIdentity } from './ageKeys.js';
import { type PrivateJwk, deriveKeyPair, deriveSecret, publicPart } from './derive.js';
import { openWith, sealTo } from './envelope.js';
import { openStream, sealStream, wholeOf } from './sealedStream.js';

/** One ledger among all that may have the same channel and chaincode names. */
export interface NamedLedger extends LedgerContext {
  /** Digest of the channel's first block. */
  readonly genesis: string;
}

/**
 * A member's secrets. All of them derive from one random root of 32 bytes by HMAC-SHA-256 over a purpose and ids, so an
 * agent that starts again after a crash derives the same nonces, handles, keys and links, and repeats a step instead of
 * taking it twice. What is derived for one ledger (`on`) says nothing of what is derived for another, though the ids
 * are the same. Nothing of it appears in `JSON.stringify` or in logs but the public keys.
 */
export interface Keyring {
  /** The same keys, with everything derived for one ledger alone. The ledger is asked for when something is derived. */
  on(ledger: () => NamedLedger): Keyring;
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
  /** The secret last link of this member's draw chain on one side of a couple, as a digest; see `ownDrawChain`. */
  lastDrawLink(side: DrawSide, coupleId: string, attempts: number): string;
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
  readonly #ledger: () => NamedLedger | undefined;

  constructor(root: Uint8Array, ledger: () => NamedLedger | undefined = () => undefined) {
    this.#root = Uint8Array.from(root);
    this.#ledger = ledger;
    this.#signing = deriveKeyPair(root, 'signing');
    this.#encryption = deriveKeyPair(root, 'encryption');
    this.signingKey = publicPart(this.#signing);
    this.encryptionKey = publicPart(this.#encryption);
  }

  on(ledger: () => NamedLedger): Keyring {
    return new RootedKeyring(this.#root, ledger);
  }

  #secret(purpose: string, ...context: string[]): Buffer {
    const ledger = this.#ledger();
    if (ledger === undefined) return deriveSecret(this.#root, purpose, ...context);
    const { genesis, channel, chaincode } = ledger;
    return deriveSecret(this.#root, `ledger/${purpose}`, genesis, channel, chaincode, ...context);
  }

  sign(message: Uint8Array): string {
    const key = createPrivateKey({ key: { ...this.#signing }, format: 'jwk' });
    return sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }

  derive(label: string, ...ids: string[]): Uint8Array {
    return this.#secret(`derive/${label}`, ...ids);
  }

  updateNonce(coupleId: string, attempt: number, instanceId: string): string {
    return this.#secret('nonce/update', coupleId, attempt.toString(), instanceId).toString('hex');
  }

  packageNonce(instanceId: string, generation: number): string {
    return this.#secret('nonce/package', instanceId, generation.toString()).toString('hex');
  }

  coupleSecret(coupleId: string): Uint8Array {
    return this.#secret('couple', coupleId);
  }

  lastDrawLink(side: DrawSide, coupleId: string, attempts: number): string {
    return `sha256:${this.#secret('chain', side, coupleId, attempts.toString()).toString('hex')}`;
  }

  id(prefix: string, ...context: string[]): string {
    const number = BigInt(`0x${this.#secret('id', prefix, ...context).toString('hex')}`);
    return `${prefix}_${number.toString(36).padStart(50, '0').slice(-26)}`;
  }

  handle(...context: string[]): string {
    return this.#secret('handle', ...context).toString('hex');
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
