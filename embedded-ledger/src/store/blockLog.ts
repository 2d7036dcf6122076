import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncFolder } from '../files.js';

/** The position of a block in the log. */
export interface BlockPosition {
  readonly offset: number;
  readonly length: number;
}

const FRAME_HEADER_BYTES = 8;

/**
 * The append-only file of blocks. A frame consists of the block's length, its CRC-32 and its bytes. Only whole frames
 * count: opening the log cuts off a frame that a kill left half-written at the end.
 */
export class BlockLog {
  private constructor(
    private readonly file: FileHandle,
    private end: number,
  ) {}

  /**
   * Opens the log and passes every whole frame from `from` on to `onBlock`, in order.
   * @returns the log, and the number of torn bytes cut off its end
   */
  static async open(
    path: string,
    from: number,
    onBlock: (block: Buffer, position: BlockPosition) => Promise<void>,
  ): Promise<{ log: BlockLog; tornBytes: number }> {
    const file = await open(path, 'a+').then(async (created) => {
      await created.close();
      return open(path, 'r+');
    });
    await syncFolder(dirname(path));
    const log = new BlockLog(file, from);
    const { size } = await file.stat();
    for (let frame = await log.readFrame(from, size); frame; frame = await log.readFrame(log.end, size)) {
      log.end = frame.position.offset + frame.position.length;
      await onBlock(frame.block, frame.position);
    }
    const tornBytes = Math.max(0, size - log.end);
    if (tornBytes > 0) {
      await file.truncate(log.end);
      await file.sync();
    }
    return { log, tornBytes };
  }

  /** The position of the next frame. */
  get size(): number {
    return this.end;
  }

  /** Appends blocks and returns once they are on the disk. One call at a time. */
  async append(block: Uint8Array): Promise<BlockPosition> {
    const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
    header.writeUInt32BE(block.length, 0);
    header.writeUInt32BE(crc32(block), 4);
    const position = { offset: this.end + FRAME_HEADER_BYTES, length: block.length };
    const { bytesWritten } = await this.file.writev([header, block], this.end);
    if (bytesWritten !== FRAME_HEADER_BYTES + block.length)
      throw new Error('the disk accepted only a part of the block');
    await this.file.datasync();
    this.end = position.offset + position.length;
    return position;
  }

  async read(position: BlockPosition): Promise<Buffer> {
    const block = Buffer.allocUnsafe(position.length);
    const { bytesRead } = await this.file.read(block, 0, position.length, position.offset);
    if (bytesRead !== position.length) throw new RangeError('the block log ends inside a block');
    return block;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async readFrame(
    at: number,
    size: number,
  ): Promise<{ block: Buffer; position: BlockPosition } | undefined> {
    if (at + FRAME_HEADER_BYTES > size) return undefined;
    const header = await this.read({ offset: at, length: FRAME_HEADER_BYTES });
    const position = { offset: at + FRAME_HEADER_BYTES, length: header.readUInt32BE(0) };
    if (position.length === 0 || position.offset + position.length > size) return undefined;
    const block = await this.read(position);
    return crc32(block) === header.readUInt32BE(4) ? { block, position } : undefined;
  }
}
