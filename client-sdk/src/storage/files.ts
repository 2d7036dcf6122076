import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { readSmallFile } from './regularFile.js';

/** Bytes, whole or piece by piece. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>;

export interface WriteOptions {
  /** Permission bits of the new file; 0600 unless said otherwise. */
  readonly mode?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file so that after a crash at any moment there is the old one or the whole new one: a temporary file in the
 * same folder is written, synced, renamed, and the folder synced.
 */
export function writeFileAtomic(path: string, content: Bytes, options: WriteOptions = {}): Promise<void> {
  return throughTemporary(path, content, options, (temporary) => rename(temporary, path));
}

/**
 * The same for a file that must not be there yet: of several that make it at once one does, and nothing is replaced.
 *
 * @returns whether it was made by this call
 */
export function createFileAtomic(path: string, content: Bytes, options: WriteOptions = {}): Promise<boolean> {
  return throughTemporary(path, content, options, async (temporary) => {
    const made = await linkNew(temporary, path);
    await rm(temporary, { force: true });
    return made;
  });
}

async function throughTemporary<T>(
  path: string,
  content: Bytes,
  { mode = 0o600, signal }: WriteOptions,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${randomBytes(9).toString('base64url')}.part`);
  let placed: T;
  try {
    await writeFile(temporary, content, { mode, flag: 'wx', flush: true, signal });
    placed = await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    // What the system says of a write names no file, or the temporary one.
    throw error instanceof Error && 'syscall' in error ? Object.assign(error, { path }) : error;
  }
  await syncFolder(folder);
  return placed;
}

/**
 * Gives a file a second name. A link, unlike a rename, never replaces what is there: two writers of one name cannot
 * overwrite each other.
 *
 * @returns whether the name was free
 */
export async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A rename is only safe from a crash once its folder is on disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads a small text file; undefined when there is none. */
export function readTextIfAny(path: string): string | undefined {
  try {
    // Without the byte order mark that editors of Windows begin a file with.
    return new TextDecoder().decode(readSmallFile(path));
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    if (isVeritrainError(cause)) throw cause;
    throw sdkError('VT8002', `The file ${path} cannot be read.`, { facts: { path }, cause });
  }
}

/** @throws FILE_UNREADABLE, naming the path and what the file is for; FILE_IRREGULAR, FILE_TOO_LARGE */
export function readText(path: string, purpose: string): string {
  const text = readTextIfAny(path);
  if (text === undefined)
    throw sdkError('VT8002', `There is no ${purpose} at ${path}.`, { facts: { path, purpose } });
  return text;
}

/** @throws KEY_FILE_EXPOSED when group or others can read a file that must be its owner's alone. */
export async function requirePrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  const permissions = (mode & 0o777).toString(8);
  throw sdkError('VT8304', `${path} is open to others.`, { facts: { path, permissions } });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
