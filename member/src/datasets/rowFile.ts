import { closeSync, mkdirSync, openSync, readSync, readdirSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RowBlock, RowStore } from '@veritrain/training';
import { naming } from '../home/ownFiles.js';

/** Keeps the rows of a table on disk during a split. */
export class RowFile implements RowStore {
  private rowBytes = 0;
  private sizeBytes = 0;

  private constructor(
    private readonly path: string,
    private readonly file: number,
  ) {}

  /** Makes an empty file; overwrites one that a crash left behind. */
  static create(path: string): RowFile {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new RowFile(path, openSync(path, 'w+', 0o600));
  }

  append({ rows, cells }: RowBlock): void {
    const bytes = bytesOf(cells);
    this.rowBytes = bytes.length / rows;
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.file, bytes, written, bytes.length - written, this.sizeBytes + written);
    } catch (error) {
      throw naming(error, this.path);
    }
    this.sizeBytes += bytes.length;
  }

  // Synchronous: the split reads rows one by one in random order, and they are in the system's cache.
  read(first: number, cells: Float64Array): void {
    const bytes = bytesOf(cells);
    for (let read = 0; read < bytes.length;) {
      const count = readSync(this.file, bytes, read, bytes.length - read, first * this.rowBytes + read);
      if (count === 0) throw new RangeError(`${this.path} has no row ${first.toString()}`);
      read += count;
    }
  }

  /** Deletes the file, and its folder if it is empty, as after a refused table. */
  remove(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
    const folder = dirname(this.path);
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
