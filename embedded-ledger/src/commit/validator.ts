import { peer } from '@hyperledger/fabric-protos';
import { compareKeys } from '../hashing.js';
import type { StateStore, StateWrite } from '../store/stateStore.js';
import { sameVersion } from '../store/version.js';
import type { KeyRead, NamespaceReadWriteSet, RangeRead } from './readWriteSet.js';
import type { ValidationCode } from './transaction.js';

const Code = peer.TxValidationCode;

/**
 * Validates the transactions of one block in order, as a peer does: each against the state plus the writes of the valid
 * ones before it.
 */
export class BlockValidator {
  /** By namespace, the last write of each key in this block. */
  private readonly updates = new Map<string, Map<string, StateWrite>>();
  /** Every write of the block's valid transactions, in order. */
  readonly writes: StateWrite[] = [];

  constructor(
    private readonly state: StateStore,
    private readonly block: number,
  ) {}

  /** Validates a transaction by its reads. A valid one's writes apply to all later ones. */
  async validate(transaction: number, sets: readonly NamespaceReadWriteSet[]): Promise<ValidationCode> {
    for (const set of sets) {
      if (!this.readsHold(set)) return Code.MVCC_READ_CONFLICT;
      for (const range of set.ranges) {
        if (!(await this.rangeHolds(set.namespace, range))) return Code.PHANTOM_READ_CONFLICT;
      }
    }
    for (const set of sets) this.write(transaction, set);
    return Code.VALID;
  }

  private readsHold({ namespace, reads }: NamespaceReadWriteSet): boolean {
    const updated = this.updates.get(namespace);
    return reads.every(
      ({ key, version }) =>
        !updated?.has(key) && sameVersion(this.state.get(namespace, key)?.version, version),
    );
  }

  private write(transaction: number, { namespace, writes }: NamespaceReadWriteSet): void {
    const keys = this.updates.get(namespace) ?? new Map<string, StateWrite>();
    this.updates.set(namespace, keys);
    const version = { block: this.block, transaction };
    for (const { key, value } of writes) {
      const write = { namespace, key, value, version };
      keys.set(key, write);
      this.writes.push(write);
    }
  }

  /** Runs the range query again and compares keys and versions. */
  private async rangeHolds(namespace: string, range: RangeRead): Promise<boolean> {
    const now = this.merged(namespace, range);
    try {
      for (const read of range.reads) {
        const found = await now.next();
        if (found.done === true || !sameRead(found.value, read)) return false;
      }
      const beyond = await now.next();
      return beyond.done === true;
    } finally {
      await now.return(undefined);
    }
  }

  /** The current range: the state's keys, overlaid with this block's writes. */
  private async *merged(namespace: string, range: RangeRead): AsyncGenerator<KeyRead, undefined> {
    const updates = this.updatesWithin(namespace, range);
    const snapshot = this.state.snapshot();
    const scan = snapshot.scan(namespace, range.startKey, range.endKey, !range.exhausted);
    let next = 0;
    try {
      let record = await scan.next();
      while (record !== undefined || next < updates.length) {
        const update = updates[next];
        const order = orderOf(record?.key, update?.key);
        if (order >= 0 && update !== undefined) {
          next++;
          if (update.value !== undefined) yield { key: update.key, version: update.version };
        } else if (record !== undefined) {
          yield { key: record.key, version: record.version };
        }
        if (order <= 0) record = await scan.next();
      }
    } finally {
      await scan.close();
      snapshot.release();
    }
    return undefined;
  }

  private updatesWithin(namespace: string, { startKey, endKey, exhausted }: RangeRead): StateWrite[] {
    const inRange = ({ key }: StateWrite): boolean => {
      if (compareKeys(key, startKey) < 0) return false;
      if (endKey === '') return true;
      const order = compareKeys(key, endKey);
      return exhausted ? order < 0 : order <= 0;
    };
    const keys = [...(this.updates.get(namespace)?.values() ?? [])].filter(inRange);
    return keys.sort((left, right) => compareKeys(left.key, right.key));
  }
}

function sameRead(left: KeyRead, right: KeyRead): boolean {
  return left.key === right.key && sameVersion(left.version, right.version);
}

/** Negative: the record comes first, or is alone. Positive: the update does. 0: both have the same key. */
function orderOf(record: string | undefined, update: string | undefined): number {
  if (update === undefined) return -1;
  return record === undefined ? 1 : compareKeys(record, update);
}
