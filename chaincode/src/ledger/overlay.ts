import type { ChaincodeStub, Iterators } from 'fabric-shim-api';
import { canonicalJson, ContractError } from '../domain/index.js';
import { keyPart, type Collection, type KeyPart } from './collections.js';
import { Decoded } from './decoded.js';

export interface Page<Value> {
  readonly items: Value[];
  readonly bookmark: string;
}

/** A record's collection and its key. */
export type Place = readonly [collection: Collection<unknown>, ...parts: KeyPart[]];

/**
 * The ledger as one transaction sees it. Fabric gives no reads of one's own writes; this remembers them, and puts
 * them on the ledger in key order when all went well.
 */
export class Overlay {
  readonly #written = new Map<string, string | null>();
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(private readonly stub: ChaincodeStub) {}

  #keyOf(collection: Collection<unknown>, parts: readonly KeyPart[]): string {
    return this.stub.createCompositeKey(collection.name, parts.map(keyPart));
  }

  /** The record, or null. Read once and checked against its schema. */
  async get<Value>(collection: Collection<Value>, ...parts: KeyPart[]): Promise<Value | null> {
    const key = this.#keyOf(collection, parts);
    if (this.#written.has(key)) return decode(collection, this.#written.get(key) ?? null);
    const read = this.#read.get(key) ?? this.#readState(collection, key);
    this.#read.set(key, read);
    return (await read) as Value | null;
  }

  async #readState<Value>(collection: Collection<Value>, key: string): Promise<Value | null> {
    const bytes = await this.stub.getState(key);
    return decode(collection, bytes.length === 0 ? null : textOf(bytes));
  }

  /** Reads records that the transaction is about to `get`, in one message where the peer takes such messages. */
  async prepare(...of: readonly Place[]): Promise<void> {
    await Promise.all(of.map(([collection, ...parts]) => this.get(collection, ...parts)));
  }

  put<Value>(collection: Collection<Value>, parts: readonly KeyPart[], value: NoInfer<Value>): void {
    this.#written.set(this.#keyOf(collection, parts), canonicalJson(value));
  }

  delete(collection: Collection<unknown>, parts: readonly KeyPart[]): void {
    this.#written.set(this.#keyOf(collection, parts), null);
  }

  /** Records under a key prefix, in key order. For queries: a range read in a submitted transaction conflicts. */
  async all<Value>(collection: Collection<Value>, ...parts: KeyPart[]): Promise<Value[]> {
    const rows = await this.stub.getStateByPartialCompositeKey(collection.name, parts.map(keyPart));
    return readAll(rows, collection);
  }

  /** One page of records under a key prefix. For queries only: Fabric makes such a transaction read-only. */
  async page<Value>(
    collection: Collection<Value>,
    parts: readonly KeyPart[],
    pageSize: number,
    bookmark: string,
  ): Promise<Page<Value>> {
    const prefix = this.#keyOf(collection, parts);
    const from = decodeBookmark(bookmark, prefix);
    const result = await this.stub.getStateByPartialCompositeKeyWithPagination(
      collection.name,
      parts.map(keyPart),
      pageSize,
      from,
    );
    const items = await readAll(result.iterator, collection);
    // An empty last page has no metadata at all: its encoding is no bytes, which the shim takes for none.
    const { metadata } = result as { metadata?: { bookmark: string } };
    return { items, bookmark: Buffer.from(metadata?.bookmark ?? '', 'utf8').toString('base64url') };
  }

  /** Whether anything would be written. */
  get isDirty(): boolean {
    return this.#written.size > 0;
  }

  async flush(): Promise<void> {
    const writes = [...this.#written].sort(([a], [b]) => (a < b ? -1 : 1));
    await Promise.all(
      writes.map(([key, value]) =>
        value === null ? this.stub.deleteState(key) : this.stub.putState(key, Buffer.from(value)),
      ),
    );
  }
}

const decoded = new Decoded();

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/**
 * All that an iterator gives. It is not closed: the peer has let go of it with its last row, or does when the
 * transaction ends, and to be told so would cost another message.
 */
async function readAll<Value>(
  rows: Iterators.StateQueryIterator,
  collection: Collection<Value>,
): Promise<Value[]> {
  const found: Value[] = [];
  for (let row = await rows.next(); !row.done; row = await rows.next())
    found.push(decode(collection, textOf(row.value.value)) as Value);
  return found;
}

function decode<Value>(collection: Collection<Value>, json: string | null): Value | null {
  return json === null ? null : decoded.of(collection, json);
}

function decodeBookmark(bookmark: string, prefix: string): string {
  const key = Buffer.from(bookmark, 'base64url').toString('utf8');
  if (key !== '' && !key.startsWith(prefix)) {
    throw new ContractError('INVALID_INPUT', 'bookmark: is not one that this list gave.');
  }
  return key;
}
