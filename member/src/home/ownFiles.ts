import { randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ActionContext } from '../calls/action.js';

/** The file's bytes, or undefined if it does not exist. */
export function readIfThere(path: string): Uint8Array | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

const chunkBytes = 1024 * 1024;

/** Reads a file in chunks. @throws errors of the file system */
export function streamFile(path: string, { signal }: ActionContext = {}): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: chunkBytes, ...(signal && { signal }) });
}

/** Writes a file atomically: readers find the old content or the new, also after a crash. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600): void {
  replaceFile(path, content, mode, true);
}

/** Like {@link writeAtomically}, for a new file. Of several concurrent calls one succeeds. @returns whether this one did */
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

/** Like {@link writeAtomically}, without the flush to disk: a power cut may lose the content. */
export function writeLightly(path: string, content: string): void {
  replaceFile(path, content, 0o600, false);
}

/** A file that was received under a temporary name, until its content has been checked. */
export interface ReceivedFile {
  /** Its temporary path. */
  readonly path: string;
  /** Moves it to its final path, replacing the file there. */
  keep(): void;
  /** Deletes it. */
  discard(): void;
}

/** Receives a file in chunks. If they fail before the end, nothing is left of it. */
export async function receiveFile(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ReceivedFile> {
  mkdirSync(dirname(path), { recursive: true });
  // Another call, in this process or another, may receive the same file.
  const next = `${path}.${process.pid.toString()}.${randomBytes(4).toString('hex')}.next`;
  dropLeftovers(path);
  const discard = (): void => rmSync(next, { force: true });
  try {
    await writeFile(next, chunks, { mode: 0o600, flush: true });
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

/** Removes the partial files of processes that were killed. */
function dropLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const [, processId] = /^(?:.*)\.(\d+)(?:\.[0-9a-f]{8})?\.next$/.exec(name) ?? [];
    if (!name.startsWith(`${basename(path)}.`) || processId === undefined) continue;
    if (!isRunning(Number(processId))) rmSync(join(folder, name), { force: true });
  }
}

/** Whether a process of this id runs on this machine, under any user. */
export function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function replaceFile(path: string, content: string | Uint8Array, mode: number, durable: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid.toString()}.next`;
  try {
    writeFileSync(next, content, { mode, flush: durable });
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw naming(error, path);
  }
  if (durable) syncFolder(dirname(path));
}

/** Puts the meant path into a system error, which names a temporary file or none. */
export const naming = (error: unknown, path: string): unknown =>
  error instanceof Error && 'syscall' in error ? Object.assign(error, { path }) : error;

/** Flushes a folder: only then is a rename in it on disk. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
