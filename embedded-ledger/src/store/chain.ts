import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import { LedgerError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { hashBlockHeader } from '../order/block.js';
import { codedError } from '../systemError.js';
import { BlockLog } from './blockLog.js';
import type { BlockUpdate, StateStore } from './stateStore.js';

const RETRY_MS = 1000;

export interface ChainOptions {
  readonly folder: string;
  readonly createGenesis: () => common.Block;
  /** The changes of a logged block, to bring the state up to date. */
  readonly updateOf: (block: common.Block, state: StateStore) => BlockUpdate;
  readonly log: Log;
}

/** The blocks and the state that they produce, kept in step: first the log, synced, then the state. */
export class Chain {
  private blocks: BlockLog | undefined;
  private count = 0;
  private tip: Uint8Array = new Uint8Array();
  private readonly listeners = new Set<() => void>();
  private closed = false;

  private constructor(
    readonly state: StateStore,
    private readonly options: ChainOptions,
  ) {}

  /** Opens or starts a chain and applies logged blocks that the state lacks. @throws LedgerError DATA_CORRUPT */
  static async open(state: StateStore, options: ChainOptions): Promise<Chain> {
    await mkdir(join(options.folder, 'blocks'), { recursive: true });
    const chain = new Chain(state, options);
    await chain.catchUp();
    return chain;
  }

  /** Number of blocks. */
  get height(): number {
    return this.count;
  }

  /** Hash of the last block's header. */
  get lastHash(): Uint8Array {
    return this.tip;
  }

  /** Bytes of a block; undefined beyond the chain's end. */
  async read(number: number): Promise<Buffer | undefined> {
    const position = this.state.blockPosition(number);
    return position && (await this.log.read(position));
  }

  async readBlock(number: number): Promise<common.Block | undefined> {
    const bytes = await this.read(number);
    return bytes && common.Block.deserializeBinary(bytes);
  }

  /**
   * Adds the next block. Returns when it is on the disk and in the state. If the disk fails (because it is full, say),
   * it retries every second: the block stays, and no client learns of a commit before.
   */
  async append(block: common.Block, update: BlockUpdate): Promise<void> {
    const bytes = block.serializeBinary();
    const position = await this.persist(`block ${String(update.number)}`, () => this.log.append(bytes));
    await this.persist('the state', () => this.state.apply(update, position));
    this.advance(update);
  }

  /** Calls `listener` after each block until the returned function is called. */
  onBlock(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves once block `number` is there; rejects when the signal aborts. */
  async waitFor(number: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.count > number) return;
    await new Promise<void>((resolve, reject) => {
      const stop = this.onBlock(() => {
        if (this.count <= number) return;
        finish();
        resolve();
      });
      const abort = (): void => {
        finish();
        reject(new Error('the wait for a block was cancelled', { cause: signal.reason }));
      };
      const finish = (): void => {
        stop();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** A write that fails after this is not retried. */
  stopRetrying(): void {
    this.closed = true;
  }

  async close(): Promise<void> {
    this.stopRetrying();
    await this.blocks?.close();
  }

  private get log(): BlockLog {
    if (this.blocks === undefined) throw new Error('the chain is not open');
    return this.blocks;
  }

  private async catchUp(): Promise<void> {
    const { folder, log, updateOf } = this.options;
    const savepoint = this.state.savepoint;
    const path = join(folder, 'blocks', 'blocks.log');
    const from = savepoint?.logEnd ?? 0;
    if (savepoint !== undefined) this.count = savepoint.block + 1;
    let applied = 0;
    const opened = await BlockLog.open(path, from, async (bytes, position) => {
      const block = common.Block.deserializeBinary(bytes);
      const update = updateOf(block, this.state);
      if (update.number !== this.count) throw corrupt(path, update.number, this.count);
      await this.state.apply(update, position);
      this.advance(update);
      applied++;
    });
    this.blocks = opened.log;
    if (opened.tornBytes > 0) {
      log(`cut ${String(opened.tornBytes)} bytes of an unfinished, unacknowledged block off the block log`);
    }
    if (applied > 0 && savepoint !== undefined) log(`applied ${String(applied)} logged blocks to the state`);
    await this.checkTip(path);
    if (this.count === 0) {
      const genesis = this.options.createGenesis();
      await this.append(genesis, updateOf(genesis, this.state));
    }
  }

  /** The last block that the state knows must be in the log, whole. */
  private async checkTip(path: string): Promise<void> {
    if (this.count === 0) return;
    const last = await this.readBlock(this.count - 1).catch((error: unknown) => {
      if (codedError(error) !== error) throw error;
      return undefined;
    });
    const header = last?.getHeader();
    if (header?.getNumber() !== this.count - 1)
      throw corrupt(path, header?.getNumber() ?? -1, this.count - 1);
    this.tip = hashBlockHeader({
      number: header.getNumber(),
      previousHash: header.getPreviousHash_asU8(),
      dataHash: header.getDataHash_asU8(),
    });
  }

  private advance(update: BlockUpdate): void {
    this.count = update.number + 1;
    this.tip = update.hash;
    for (const listener of [...this.listeners]) listener();
  }

  private async persist<T>(what: string, write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.closed) throw error;
        this.options.log(`cannot write ${what}: ${messageOf(error)}; trying again in ${String(RETRY_MS)} ms`);
        await sleep(RETRY_MS);
      }
    }
  }
}

function corrupt(path: string, found: number, expected: number): LedgerError {
  const hint = 'Restore the block log from a backup. The chain cannot continue without it.';
  const facts = { path, found, expected };
  return new LedgerError('DATA_CORRUPT', 'the block log does not match the state', hint, facts);
}
