import { createHash } from 'node:crypto';
import { throwIfAborted } from '../errors/abort.js';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import type { Bytes } from '../storage/files.js';
import { checkHandle, newHandle } from './handle.js';
import type { GetOptions, PutOptions, StoredObject, Vault } from './vault.js';

/** Encrypts streams under a key, with authentication of every piece, their order and their end. */
export interface StreamCipher {
  encrypt(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** @throws ENVELOPE_UNOPENED under another key, or where a byte was changed, cut off or added */
  decrypt(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** What encryption may add: a header, and an authenticator for each 64 KiB. */
const largestCiphertext = (sizeBytes: number): number =>
  sizeBytes + Math.ceil(sizeBytes / 65_536) * 16 + 65_536;

/**
 * A vault whose server sees ciphertext only: what is not sealed to somebody already is encrypted before it is put.
 * Digests and sizes are those of the content. Encrypting twice gives different bytes, so two objects are the same when
 * their contents are.
 */
export class EncryptedVault implements Vault {
  readonly #vault: Vault;
  readonly #cipher: StreamCipher;

  constructor(vault: Vault, cipher: StreamCipher) {
    this.#vault = vault;
    this.#cipher = cipher;
  }

  async put(content: Bytes, options: PutOptions = {}): Promise<StoredObject> {
    if (options.sealed === true) return this.#vault.put(content, options);
    const { handle = newHandle(), signal } = options;
    const given = new HashedContent(content);
    if (await this.#vault.has(checkHandle(handle))) return this.#requireSame(handle, given, signal);
    try {
      await this.#vault.put(this.#cipher.encrypt(given.pieces()), { ...options, handle });
    } catch (error) {
      if (isVeritrainError(error, 'VT8204')) return this.#requireSame(handle, given, signal);
      await given.close();
      throw error;
    }
    return { handle, ...given.summary() };
  }

  async get(handle: string, options: GetOptions = {}): Promise<Uint8Array> {
    if (options.sealed === true) return this.#vault.get(handle, options);
    const pieces: Uint8Array[] = [];
    for await (const piece of this.stream(handle, options)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *stream(handle: string, options: GetOptions = {}): AsyncGenerator<Uint8Array> {
    if (options.sealed === true) yield* this.#vault.stream(handle, options);
    else yield* this.#decrypted(handle, options);
  }

  async *#decrypted(
    handle: string,
    { digest, maxBytes = Infinity, signal }: GetOptions,
  ): AsyncGenerator<Uint8Array> {
    const ciphertext = this.#vault.stream(handle, { maxBytes: largestCiphertext(maxBytes), signal });
    const content = new HashedContent(this.#cipher.decrypt(ciphertext));
    try {
      for await (const piece of content.pieces()) {
        if (content.sizeBytes > maxBytes)
          throw sdkError('VT8205', 'The object is larger than allowed.', { facts: { handle, maxBytes } });
        yield piece;
      }
    } catch (cause) {
      throw isVeritrainError(cause, 'VT8401') ? changed(handle, cause) : cause;
    } finally {
      await content.close();
    }
    const found = content.summary().digest;
    if (digest === undefined || digest === found) return;
    const facts = { handle, promised: digest, found };
    throw sdkError('VT8202', 'The object is not what was promised.', { facts });
  }

  has(handle: string): Promise<boolean> {
    return this.#vault.has(handle);
  }

  delete(handle: string): Promise<void> {
    return this.#vault.delete(handle);
  }

  async #requireSame(
    handle: string,
    given: HashedContent,
    signal: AbortSignal | undefined,
  ): Promise<StoredObject> {
    await given.drain(signal);
    const stored = new HashedContent(this.stream(handle, { signal }));
    await stored.drain(signal);
    const summary = given.summary();
    if (stored.summary().digest === summary.digest) return { handle, ...summary };
    throw sdkError('VT8204', 'The handle holds another object.', { facts: { handle } });
  }
}

const changed = (handle: string, cause: unknown): Error =>
  sdkError('VT8202', 'The object was changed, or was encrypted for another market.', {
    facts: { handle },
    cause,
  });

/** Content that is read once, by whoever comes first, and hashed while it is. */
class HashedContent {
  sizeBytes = 0;
  readonly #hash = createHash('sha256');
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #digest: string | undefined;

  constructor(content: Bytes) {
    const pieces = content instanceof Uint8Array ? [content] : content;
    this.#source =
      Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  }

  /** What nobody read yet, to its end. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) break;
      this.#hash.update(next.value);
      this.sizeBytes += next.value.length;
      yield next.value;
    }
    this.#digest ??= `sha256:${this.#hash.digest('hex')}`;
  }

  async drain(signal: AbortSignal | undefined): Promise<void> {
    if (this.#digest !== undefined) return;
    for await (const _ of this.pieces()) throwIfAborted(signal);
  }

  /** Lets go of what was not read. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  summary(): { digest: string; sizeBytes: number } {
    if (this.#digest === undefined) throw new Error('the content was not read to its end');
    return { digest: this.#digest, sizeBytes: this.sizeBytes };
  }
}
