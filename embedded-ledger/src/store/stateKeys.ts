import type { Version } from './version.js';

/** The first byte of every key in the store is its type. */
const DATA = 'd';
const HISTORY = 'y';
const BLOCK = 'b';
const HASH = 'h';
const TRANSACTION = 't';

export const SAVEPOINT_KEY = Buffer.from('s');

/** `d` namespace 00 key: Fabric's own layout, so ranges follow the keys' UTF-8 bytes. */
export function dataKey(namespace: string, key: string): Buffer {
  return Buffer.from(`${DATA}${namespace}\0${key}`);
}

/** First key after all keys of a namespace. */
export function dataEnd(namespace: string): Buffer {
  return Buffer.from(`${DATA}${namespace}\x01`);
}

/** The key without its namespace. */
export function keyOf(namespace: string, stored: Buffer): string {
  return stored.toString('utf8', DATA.length + Buffer.byteLength(namespace) + 1);
}

/** The key's length comes before it, so no key's history is a prefix of another's. */
export function historyPrefix(namespace: string, key: string): Buffer {
  const bytes = Buffer.from(key);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([Buffer.from(`${HISTORY}${namespace}\0`), length, bytes]);
}

export function historyKey(namespace: string, key: string, version: Version): Buffer {
  const height = Buffer.alloc(12);
  height.writeBigUInt64BE(BigInt(version.block), 0);
  height.writeUInt32BE(version.transaction, 8);
  return Buffer.concat([historyPrefix(namespace, key), height]);
}

export function blockKey(number: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write(BLOCK);
  bytes.writeBigUInt64BE(BigInt(number), 1);
  return bytes;
}

export function hashKey(hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(HASH), hash]);
}

export function transactionKey(id: string): Buffer {
  return Buffer.from(`${TRANSACTION}${id}`);
}
