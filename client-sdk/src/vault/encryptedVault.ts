import { createHash } from 'node:crypto';
import { throwIfAborted } from '../errors/abort.js';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { keyIdentity } from '../keys/ageKeys.js';
import { maxSealedBytes, openStream, sealStream, wholeOf } from '../keys/sealedStream.js';
import type { Bytes } from '../storage/files.js';
import { checkedPieces, taken, tooLarge, wholly } from './checked.js';
import { digestOfStream, endDigest } from './digest.js';
import { newHandle } from './handle.js';
import type { GetOptions, PutOptions, PutProgress, StoredObject, Vault } from './vault.js';

/**
 * A vault whose server sees ciphertext only: what is not sealed to somebody already is encrypted before it is put.
 * Digests and sizes are those of the content. Encrypting twice gives different bytes, so two objects are the same when
 * their contents are.
 *
 * @param key 32 bytes that whoever may read has, such as those that a market's members share
 */
export function encryptedVault(vault: Vault, key: Uint8Array): Vault {
  return new EncryptedVault(vault, key);
}

class EncryptedVault implements Vault {
  readonly #vault: Vault;
  readonly #key: Uint8Array;

  constructor(vault: Vault, key: Uint8Array) {
    this.#vault = vault;
    this.#key = key;
  }

  async put(content: Bytes, options: PutOptions = {}): Promise<StoredObject> {
    if (options.sealed === true) return this.#vault.put(content, options);
    const { handle = newHandle(), signal, onProgress } = options;
    const given = new HashedContent(content);
    const sealed = sealStream([{ key: this.#key }], given.pieces(), noEnvelopes);
    const ofContent = ({ sentBytes }: PutProgress): void =>
      onProgress?.({ sentBytes: Math.min(sentBytes, given.sizeBytes) });
    try {
      await this.#vault.put(sealed, { handle, signal, ...(onProgress && { onProgress: ofContent }) });
    } catch (error) {
      // Whatever is there, its ciphertext is another.
      if (isVeritrainError(error, 'VT8204')) await this.#requireSame(handle, given, signal);
      else {
        await given.close();
        throw error;
      }
    }
    const stored = { handle, ...given.summary() };
    onProgress?.({ sentBytes: stored.sizeBytes });
    return stored;
  }

  async get(handle: string, options: GetOptions = {}): Promise<Uint8Array> {
    if (options.sealed === true) return this.#vault.get(handle, options);
    return wholeOf(this.stream(handle, wholly(options)));
  }

  async *stream(handle: string, options: GetOptions = {}): AsyncGenerator<Uint8Array> {
    if (options.sealed === true) yield* this.#vault.stream(handle, options);
    else yield* this.#decrypted(handle, options);
  }

  async *#decrypted(
    handle: string,
    { digest, maxBytes = Infinity, signal }: GetOptions,
  ): AsyncGenerator<Uint8Array> {
    const ciphertext = this.#vault.stream(handle, { maxBytes: maxSealedBytes(maxBytes), signal });
    const content = openStream(ciphertext, keyIdentity(this.#key));
    let sizeBytes = 0;
    try {
      for await (const piece of checkedPieces(handle, content, digest)) {
        sizeBytes += piece.length;
        if (sizeBytes > maxBytes) throw tooLarge(handle, { maxBytes });
        yield piece;
      }
    } catch (cause) {
      throw isVeritrainError(cause, 'VT8401') ? changed(handle, cause) : cause;
    }
  }

  has(handle: string, options: Pick<GetOptions, 'signal'> = {}): Promise<boolean> {
    return this.#vault.has(handle, options);
  }

  delete(handle: string, options: Pick<GetOptions, 'signal'> = {}): Promise<void> {
    return this.#vault.delete(handle, options);
  }

  async #requireSame(handle: string, given: HashedContent, signal: AbortSignal | undefined): Promise<void> {
    await given.drain(signal);
    const stored = await digestOfStream(this.stream(handle, { signal }));
    if (stored !== given.summary().digest) throw taken(handle);
  }
}

const noEnvelopes = {
  seal: (): Promise<string> => Promise.reject(new Error('nothing is sealed to a member here')),
};

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
    this.#digest ??= endDigest(this.#hash);
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
