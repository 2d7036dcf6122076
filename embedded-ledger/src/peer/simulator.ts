import type { KeyRead, KeyWrite, NamespaceReadWriteSet, RangeRead } from '../commit/readWriteSet.js';
import type { RangeScan, StateRecord, StateSnapshot } from '../store/stateSnapshot.js';

/**
 * One run of one transaction function over the state of one height. It records the reads with their versions, and the
 * writes. A read never sees the run's own writes. The texts of refusals are Fabric's.
 */
export class Simulator {
  private readonly reads = new Map<string, KeyRead>();
  private readonly writes = new Map<string, KeyWrite>();
  private readonly ranges: RecordedScan[] = [];
  private pageRead = false;
  private written = false;

  constructor(
    private readonly transactionId: string,
    private readonly namespace: string,
    private readonly snapshot: StateSnapshot,
  ) {}

  get(key: string): Uint8Array | undefined {
    const found = this.snapshot.get(this.namespace, key);
    this.reads.set(key, { key, version: found?.version });
    return found?.value;
  }

  /** As in Fabric, an empty value deletes the key. */
  put(key: string, value: Uint8Array): void {
    this.checkWrite();
    this.writes.set(key, { key, value: value.length === 0 ? undefined : value });
  }

  delete(key: string): void {
    this.checkWrite();
    this.writes.set(key, { key, value: undefined });
  }

  /** @param pageSize maximum records of a paginated query; undefined for a query without pages */
  scan(startKey: string, endKey: string, pageSize?: number): RecordedScan {
    if (pageSize !== undefined) this.checkPage();
    const source = this.snapshot.scan(this.namespace, startKey, endKey);
    const scan = new RecordedScan(source, startKey, endKey, pageSize ?? 0);
    this.ranges.push(scan);
    return scan;
  }

  results(): NamespaceReadWriteSet[] {
    if (this.reads.size + this.writes.size + this.ranges.length === 0) return [];
    return [
      {
        namespace: this.namespace,
        reads: [...this.reads.values()],
        ranges: this.ranges.map((scan) => scan.read),
        writes: [...this.writes.values()],
      },
    ];
  }

  private checkWrite(): void {
    if (this.pageRead) {
      const what = 'Transaction has already performed a paginated query. Writes are not allowed';
      throw new Error(`txid [${this.transactionId}]: unsuppored transaction. ${what}`);
    }
    this.written = true;
  }

  private checkPage(): void {
    if (this.written) {
      const what = 'Paginated queries are supported only in a read-only transaction';
      throw new Error(`txid [${this.transactionId}]: unsuppored transaction. ${what}`);
    }
    this.pageRead = true;
  }
}

/** A range query that records the results that its caller has seen, so the commit can repeat it. */
export class RecordedScan {
  private readonly seen: KeyRead[] = [];
  private lastKey = '';
  private exhausted = false;

  constructor(
    private readonly source: RangeScan,
    private readonly startKey: string,
    private readonly endKey: string,
    private readonly pageSize: number,
  ) {}

  async next(): Promise<StateRecord | undefined> {
    const pageIsFull = this.pageSize > 0 && this.seen.length >= this.pageSize;
    const record = pageIsFull ? undefined : await this.source.next();
    if (record === undefined) {
      this.exhausted = true;
      return undefined;
    }
    this.seen.push({ key: record.key, version: record.version });
    this.lastKey = record.key;
    return record;
  }

  /** The key at which the next page begins; empty at the end. It does not count as seen. */
  async bookmark(): Promise<string> {
    const record = await this.source.next();
    return record?.key ?? '';
  }

  get read(): RangeRead {
    const { startKey, exhausted, seen } = this;
    return { startKey, endKey: exhausted ? this.endKey : this.lastKey, exhausted, reads: seen };
  }

  async close(): Promise<void> {
    await this.source.close();
  }
}
