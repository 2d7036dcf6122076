import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isRunning } from './isRunning.js';

/** Writes a file so that a reader, or a start after a crash, finds the old content or the new, never a part. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600): void {
  replaceFile(path, content, mode, true);
}

/** The same for a new file: of several that make it at once, one does. @returns whether it was this one */
export function createAtomically(path: string, content: string | Uint8Array, mode = 0o600): boolean {
  const whole = `${path}.${process.pid.toString()}.new`;
  writeAtomically(whole, content, mode);
  try {
    linkSync(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(whole, { force: true });
  }
}

/** The same for what may be lost in a power cut, but must never be seen in part. */
export function writeLightly(path: string, content: string): void {
  replaceFile(path, content, 0o600, false);
}

/** A file that lies whole on disk under another name, until it is known what it is. */
export interface ReceivedFile {
  /** Where it lies now. */
  readonly path: string;
  /** Puts it into its place, for whatever was there. */
  keep(): void;
  discard(): void;
}

/** Receives a file, a piece at a time. Of one that was not received whole nothing is left. */
export async function receiveFile(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ReceivedFile> {
  mkdirSync(dirname(path), { recursive: true });
  // Somebody else may be receiving the same file, in this process or another.
  const next = `${path}.${process.pid.toString()}.${randomBytes(4).toString('hex')}.next`;
  dropLeftovers(path);
  const discard = (): void => rmSync(next, { force: true });
  try {
    await writeFile(next, pieces, { mode: 0o600, flush: true });
  } catch (error) {
    discard();
    throw naming(error, path);
  }
  const keep = (): void => {
    renameSync(next, path);
    syncFolder(dirname(path));
  };
  return { path: next, keep, discard };
}

/** What processes that were killed had received so far. */
function dropLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const [, processId] = /^(?:.*)\.(\d+)(?:\.[0-9a-f]{8})?\.next$/.exec(name) ?? [];
    if (!name.startsWith(`${basename(path)}.`) || processId === undefined) continue;
    if (!isRunning(Number(processId))) rmSync(join(folder, name), { force: true });
  }
}

function replaceFile(path: string, content: string | Uint8Array, mode: number, durable: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid.toString()}.next`;
  try {
    writeWhole(next, content, mode, durable);
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw naming(error, path);
  }
  if (durable) syncFolder(dirname(path));
}

/** The system's error about a write names no file, or a temporary one: then it names the file that is meant. */
export const naming = (error: unknown, path: string): unknown =>
  error instanceof Error && 'syscall' in error ? Object.assign(error, { path }) : error;

function writeWhole(path: string, content: string | Uint8Array, mode: number, durable: boolean): void {
  const file = openSync(path, 'w', mode);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is on disk when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** One JSON document on disk, checked by a schema when it is read. */
export class StateFile<T> {
  constructor(
    readonly path: string,
    private readonly schema: z.ZodType<T>,
  ) {}

  /** The document, or undefined where there is none yet. @throws when the file is there but is not what it should be. */
  read(): T | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return this.schema.parse(JSON.parse(text));
  }

  /**
   * The same for what can be worked out anew: a file that is not what it should be is set aside under another name.
   * @param onDamaged is told that name, and what is wrong
   */
  readUndamaged(onDamaged: (keptAs: string, cause: unknown) => void): T | undefined {
    try {
      return this.read();
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      const keptAs = `${this.path}.damaged`;
      renameSync(this.path, keptAs);
      onDamaged(keptAs, cause);
      return undefined;
    }
  }

  write(value: T): void {
    writeAtomically(this.path, JSON.stringify(value));
  }
}
