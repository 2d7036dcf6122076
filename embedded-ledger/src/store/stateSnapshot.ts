import type { ClassicLevel } from 'classic-level';
import { dataEnd, dataKey, keyOf } from './stateKeys.js';
import type { VersionedValue } from './version.js';
import { decodeValue } from './version.js';

export interface StateRecord extends VersionedValue {
  readonly key: string;
}

/** The records of a range, in order. */
export interface RangeScan {
  next(): Promise<StateRecord | undefined>;
  close(): Promise<void>;
}

const READ_AHEAD = 101;

/**
 * The state at one height. All simulations that begin at that height share it. It closes when the last one releases it.
 */
export class StateSnapshot {
  private readonly snapshot;
  private holders = 1;

  constructor(private readonly database: ClassicLevel<Buffer, Buffer>) {
    this.snapshot = database.snapshot();
  }

  acquire(): this {
    this.holders++;
    return this;
  }

  release(): void {
    this.holders--;
    if (this.holders === 0) void this.snapshot.close();
  }

  /** Releases the store's own reference when a newer height replaces this one. */
  retire(): void {
    this.release();
  }

  get(namespace: string, key: string): VersionedValue | undefined {
    const bytes = this.database.getSync(dataKey(namespace, key), { snapshot: this.snapshot });
    return bytes === undefined ? undefined : decodeValue(bytes);
  }

  /**
   * Keys from `start` up to `end`; an empty end means the end of the namespace. The range includes the end only with
   * `withEnd`.
   */
  scan(namespace: string, start: string, end: string, withEnd = false): RangeScan {
    const last = end === '' ? dataEnd(namespace) : dataKey(namespace, end);
    const iterator = this.database.iterator({
      gte: dataKey(namespace, start),
      ...(withEnd ? { lte: last } : { lt: last }),
      snapshot: this.snapshot,
    });
    let ahead: [Buffer, Buffer][] = [];
    let at = 0;
    return {
      async next() {
        if (at === ahead.length) {
          ahead = await iterator.nextv(READ_AHEAD);
          at = 0;
        }
        const entry = ahead[at++];
        return entry && { key: keyOf(namespace, entry[0]), ...decodeValue(entry[1]) };
      },
      close: () => iterator.close(),
    };
  }
}
