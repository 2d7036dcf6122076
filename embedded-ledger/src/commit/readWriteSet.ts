import { ledger } from '@hyperledger/fabric-protos';
import { compareKeys } from '../hashing.js';
import type { Version } from '../store/version.js';

const { rwset } = ledger;
const { kvrwset } = rwset;

export interface KeyRead {
  readonly key: string;
  /** Undefined if the key did not exist. */
  readonly version: Version | undefined;
}

export interface KeyWrite {
  readonly key: string;
  /** Undefined deletes the key. */
  readonly value: Uint8Array | undefined;
}

export interface RangeRead {
  readonly startKey: string;
  /** The end of the query, or the last key seen if the caller left the iterator before its end. */
  readonly endKey: string;
  readonly exhausted: boolean;
  readonly reads: readonly KeyRead[];
}

/** The reads and writes of one transaction in one chaincode's keys. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly reads: readonly KeyRead[];
  readonly ranges: readonly RangeRead[];
  readonly writes: readonly KeyWrite[];
}

/** Fabric's `TxReadWriteSet` with keys in byte order, so equal simulations give equal bytes. */
export function encodeReadWriteSet(sets: readonly NamespaceReadWriteSet[]): Uint8Array {
  const result = new rwset.TxReadWriteSet();
  result.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
  for (const set of sets) {
    const keys = new kvrwset.KVRWSet();
    keys.setReadsList(byKey(set.reads).map(encodeRead));
    keys.setRangeQueriesInfoList(set.ranges.map(encodeRange));
    keys.setWritesList(byKey(set.writes).map(encodeWrite));
    const namespace = new rwset.NsReadWriteSet();
    namespace.setNamespace(set.namespace);
    namespace.setRwset(keys.serializeBinary());
    result.addNsRwset(namespace);
  }
  return result.serializeBinary();
}

/**
 * Reads a `TxReadWriteSet`. Returns undefined if it uses features that this ledger does not have: private data, key
 * metadata or hashed range results. Throws if the bytes are not such a message.
 */
export function decodeReadWriteSet(bytes: Uint8Array): NamespaceReadWriteSet[] | undefined {
  const sets: NamespaceReadWriteSet[] = [];
  for (const namespace of rwset.TxReadWriteSet.deserializeBinary(bytes).getNsRwsetList()) {
    const keys = kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8());
    const ranges = keys.getRangeQueriesInfoList();
    if (namespace.getCollectionHashedRwsetList().length > 0) return undefined;
    if (keys.getMetadataWritesList().length > 0) return undefined;
    if (ranges.some((range) => range.hasReadsMerkleHashes())) return undefined;
    sets.push({
      namespace: namespace.getNamespace(),
      reads: keys.getReadsList().map(decodeRead),
      ranges: ranges.map(decodeRange),
      writes: keys.getWritesList().map(decodeWrite),
    });
  }
  return sets;
}

function byKey<T extends { readonly key: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((left, right) => compareKeys(left.key, right.key));
}

type ReadMessage = InstanceType<typeof kvrwset.KVRead>;
type WriteMessage = InstanceType<typeof kvrwset.KVWrite>;
type RangeMessage = InstanceType<typeof kvrwset.RangeQueryInfo>;

function encodeRead(read: KeyRead): ReadMessage {
  const message = new kvrwset.KVRead();
  message.setKey(read.key);
  if (read.version !== undefined) {
    const version = new kvrwset.Version();
    version.setBlockNum(read.version.block);
    version.setTxNum(read.version.transaction);
    message.setVersion(version);
  }
  return message;
}

function decodeRead(message: ReadMessage): KeyRead {
  const version = message.getVersion();
  return {
    key: message.getKey(),
    version: version && { block: version.getBlockNum(), transaction: version.getTxNum() },
  };
}

function encodeWrite(write: KeyWrite): WriteMessage {
  const message = new kvrwset.KVWrite();
  message.setKey(write.key);
  if (write.value === undefined || write.value.length === 0) message.setIsDelete(true);
  else message.setValue(write.value);
  return message;
}

/** As in Fabric, an empty value deletes the key. */
function decodeWrite(message: WriteMessage): KeyWrite {
  const value = message.getValue_asU8();
  return { key: message.getKey(), value: message.getIsDelete() || value.length === 0 ? undefined : value };
}

function encodeRange(range: RangeRead): RangeMessage {
  const reads = new kvrwset.QueryReads();
  reads.setKvReadsList(range.reads.map(encodeRead));
  const message = new kvrwset.RangeQueryInfo();
  message.setStartKey(range.startKey);
  message.setEndKey(range.endKey);
  message.setItrExhausted(range.exhausted);
  if (range.reads.length > 0) message.setRawReads(reads);
  return message;
}

function decodeRange(message: RangeMessage): RangeRead {
  return {
    startKey: message.getStartKey(),
    endKey: message.getEndKey(),
    exhausted: message.getItrExhausted(),
    reads: message.getRawReads()?.getKvReadsList().map(decodeRead) ?? [],
  };
}
