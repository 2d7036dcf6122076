import type { Bytes } from '../storage/files.js';

/** What the vault says of an object that it took. */
export interface StoredObject {
  /** Where it lies: random, so that neither owner nor content can be guessed from it. */
  readonly handle: string;
  /** `sha256:<64 hex>` of the stored bytes. */
  readonly digest: string;
  /** Its size, as it is stored. */
  readonly sizeBytes: number;
}

/** How to store an object. */
export interface PutOptions {
  /** A handle made earlier, so that a repeated step stores the same object in the same place. Random if absent. */
  readonly handle?: string;
  /** The content is sealed to its readers already: a vault that encrypts what it stores leaves it as it is. */
  readonly sealed?: boolean | undefined;
  /** Told whenever more of the object has arrived; at the end of a successful `put` once more, with its whole size. */
  readonly onProgress?: ((progress: PutProgress) => void) | undefined;
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** How much of an object the vault holds. */
export interface PutProgress {
  /** Bytes that the vault holds by now; never falls. */
  readonly sentBytes: number;
}

/** How to read an object. */
export interface GetOptions {
  /** What the bytes must hash to (`sha256:<64 hex>`); checked while they are read. */
  readonly digest?: string | undefined;
  /** Refuse larger objects, in bytes; if absent, `get` takes 2 GiB and `stream` any. */
  readonly maxBytes?: number | undefined;
  /** As it was given to `put`. */
  readonly sealed?: boolean | undefined;
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where objects that are too large for the ledger travel between members: packages, models, updates. It stores bytes
 * under random handles and never changes them; what needs secrecy is sealed before it is put.
 */
export interface Vault {
  /**
   * Stores an object; once this returns it is on disk. The same bytes under the same handle again are a success.
   *
   * @throws HANDLE_TAKEN when other bytes are stored under the handle, HANDLE_INVALID, ABORTED; from a vault on the
   *   network also VAULT_UNREACHABLE, VAULT_CREDENTIALS_REFUSED, VAULT_CREDENTIALS_MISSING, VAULT_BUCKET_MISSING,
   *   VAULT_UNTRUSTED, VAULT_CLOCK_OFF, VAULT_FULL, VAULT_ACCESS_DENIED, VAULT_FAILED.
   */
  put(content: Bytes, options?: PutOptions): Promise<StoredObject>;
  /**
   * Reads a whole object into memory.
   *
   * @throws OBJECT_MISSING, DIGEST_MISMATCH, OBJECT_TOO_LARGE, HANDLE_INVALID, ABORTED; from a vault on the network
   *   also OBJECT_NOT_GRANTED and those of `put`.
   */
  get(handle: string, options?: GetOptions): Promise<Uint8Array>;
  /**
   * Reads an object piece by piece. The digest is known only at the end: nothing may be done with the pieces before the
   * iteration has ended without an error. Errors are those of `get`.
   */
  stream(handle: string, options?: GetOptions): AsyncIterable<Uint8Array>;
  /** Whether an object is stored there; false also where this member may not know. Errors are those of `get`. */
  has(handle: string, options?: Pick<GetOptions, 'signal'>): Promise<boolean>;
  /** Removes an object; a missing one is no error. Other errors are those of `get`. */
  delete(handle: string, options?: Pick<GetOptions, 'signal'>): Promise<void>;
}
