import { ClassicLevel } from 'classic-level';
import type { BlockPosition } from './blockLog.js';
import { openDatabase } from './openDatabase.js';
import type { Version, VersionedValue } from './version.js';
import { decodeValue, encodeValue } from './version.js';
import { StateSnapshot } from './stateSnapshot.js';
import {
  blockKey,
  dataKey,
  hashKey,
  historyKey,
  historyPrefix,
  SAVEPOINT_KEY,
  transactionKey,
} from './stateKeys.js';

export type Database = ClassicLevel<Buffer, Buffer>;

/** The progress of the state: the last applied block, and the position of the next frame in the log. */
export interface Savepoint {
  readonly block: number;
  readonly logEnd: number;
}

/** The position of a committed transaction and its outcome. */
export interface TransactionEntry {
  readonly block: number;
  readonly transaction: number;
  readonly code: number;
}

export interface StateWrite {
  readonly namespace: string;
  readonly key: string;
  /** Undefined deletes the key. */
  readonly value: Uint8Array | undefined;
  readonly version: Version;
}

/** All changes of one block, applied in one batch. */
export interface BlockUpdate {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly writes: readonly StateWrite[];
  /** First appearance of each transaction id. */
  readonly transactions: ReadonlyMap<string, TransactionEntry>;
}

/**
 * World state and indexes in LevelDB, whose bytewise key order is Fabric's. A block's batch is not synced. The block
 * log is, and blocks that LevelDB has lost are applied again from it.
 */
export class StateStore {
  private current: StateSnapshot;

  private constructor(private readonly database: Database) {
    this.current = new StateSnapshot(database);
  }

  /** @throws LedgerError DATA_IN_USE if another process has the folder open, DATA_CORRUPT, SYSTEM_FAILED */
  static async open(folder: string): Promise<StateStore> {
    const database: Database = new ClassicLevel(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
    const ifCorrupt = 'Delete this state folder. The ledger rebuilds it from the block log.';
    return new StateStore(await openDatabase(database, { folder, what: 'state', ifCorrupt }));
  }

  get savepoint(): Savepoint | undefined {
    const bytes = this.database.getSync(SAVEPOINT_KEY);
    if (bytes === undefined) return undefined;
    return { block: Number(bytes.readBigUInt64BE(0)), logEnd: Number(bytes.readBigUInt64BE(8)) };
  }

  /** A committed view that never changes. Every caller must release it. */
  snapshot(): StateSnapshot {
    return this.current.acquire();
  }

  get(namespace: string, key: string): VersionedValue | undefined {
    const bytes = this.database.getSync(dataKey(namespace, key));
    return bytes === undefined ? undefined : decodeValue(bytes);
  }

  blockPosition(number: number): BlockPosition | undefined {
    const bytes = this.database.getSync(blockKey(number));
    if (bytes === undefined) return undefined;
    return { offset: Number(bytes.readBigUInt64BE(0)), length: bytes.readUInt32BE(8) };
  }

  blockNumberByHash(hash: Uint8Array): number | undefined {
    const bytes = this.database.getSync(hashKey(hash));
    return bytes === undefined ? undefined : Number(bytes.readBigUInt64BE(0));
  }

  transaction(id: string): TransactionEntry | undefined {
    const bytes = this.database.getSync(transactionKey(id));
    if (bytes === undefined) return undefined;
    const block = Number(bytes.readBigUInt64BE(0));
    return { block, transaction: bytes.readUInt32BE(8), code: bytes.readUInt8(12) };
  }

  /** Heights at which valid transactions wrote a key, newest first. */
  async history(namespace: string, key: string): Promise<Version[]> {
    const prefix = historyPrefix(namespace, key);
    const versions: Version[] = [];
    const range = { gte: prefix, lt: Buffer.concat([prefix, Buffer.alloc(13, 0xff)]), reverse: true };
    for await (const found of this.database.keys(range)) {
      if (found.length !== prefix.length + 12) continue;
      const block = Number(found.readBigUInt64BE(prefix.length));
      versions.push({ block, transaction: found.readUInt32BE(prefix.length + 8) });
    }
    return versions;
  }

  async apply(update: BlockUpdate, position: BlockPosition): Promise<void> {
    const batch = this.database.batch();
    for (const write of update.writes) {
      const key = dataKey(write.namespace, write.key);
      if (write.value === undefined) batch.del(key);
      else batch.put(key, encodeValue(write.value, write.version));
      batch.put(historyKey(write.namespace, write.key, write.version), Buffer.alloc(0));
    }
    for (const [id, entry] of update.transactions) batch.put(transactionKey(id), encodeTransaction(entry));
    batch.put(blockKey(update.number), encodePosition(position));
    batch.put(hashKey(update.hash), encodeNumbers(update.number));
    const logEnd = position.offset + position.length;
    batch.put(SAVEPOINT_KEY, encodeNumbers(update.number, logEnd));
    await batch.write();
    this.current.retire();
    this.current = new StateSnapshot(this.database);
  }

  async close(): Promise<void> {
    this.current.retire();
    await this.database.close();
  }
}

function encodeNumbers(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, index) => bytes.writeBigUInt64BE(BigInt(number), 8 * index));
  return bytes;
}

function encodePosition(position: BlockPosition): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(position.offset), 0);
  bytes.writeUInt32BE(position.length, 8);
  return bytes;
}

function encodeTransaction(entry: TransactionEntry): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeBigUInt64BE(BigInt(entry.block), 0);
  bytes.writeUInt32BE(entry.transaction, 8);
  bytes.writeUInt8(entry.code, 12);
  return bytes;
}
