import { type Stats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type VeritrainError, sdkError } from '../errors/veritrainError.js';

/** Opening a pipe waits for its other end, unless it is told not to. Windows has neither flag: they count as 0. */
const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK;
const withoutLinks = withoutWaiting | constants.O_NOFOLLOW;

/** What is read into memory as text is smaller than this, in bytes, unless the caller says otherwise. */
const smallBytes = 16 * 1024 * 1024;

export interface OpenedFile {
  readonly file: FileHandle;
  readonly sizeBytes: number;
}

/**
 * Opens a regular file that others can write to the folder of: without waiting, and without following a link.
 *
 * @throws FILE_IRREGULAR for anything but a regular file; whatever the file system says
 */
export async function openRegular(path: string): Promise<OpenedFile> {
  const file = await open(path, withoutLinks).catch((cause: unknown) => {
    throw isIrregular(cause) ? irregular(path, kindOfError(cause), cause) : cause;
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw irregular(path, kindOf(stats));
    return { file, sizeBytes: stats.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Reads a small file whose path a person or a profile named. Links are followed: only the owner of the path makes them.
 *
 * @param path 0 is standard input, which may be anything that ends
 * @param maxBytes 16 MiB if absent
 * @throws FILE_IRREGULAR for a pipe, device, socket or folder; FILE_TOO_LARGE; whatever the file system says
 */
export function readSmallFile(path: string | 0, maxBytes = smallBytes): Buffer {
  if (path === 0) return readWithin(path, '-', maxBytes);
  const file = openForReading(path);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw irregular(path, kindOf(stats));
    return readWithin(file, path, maxBytes);
  } finally {
    closeSync(file);
  }
}

function readWithin(file: number, path: string, maxBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(65_536);
    const readBytes = readSync(file, piece);
    if (readBytes === 0) return Buffer.concat(pieces);
    sizeBytes += readBytes;
    if (sizeBytes > maxBytes)
      throw sdkError('VT8224', 'The file is larger than it can be.', { facts: { path, maxBytes } });
    pieces.push(piece.subarray(0, readBytes));
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, withoutWaiting);
  } catch (cause) {
    throw isIrregular(cause) ? irregular(path, kindOfError(cause), cause) : cause;
  }
}

/** A link that is not followed, a socket or a device without a driver: `open` itself refuses these. */
const refusals: Readonly<Record<string, string>> = {
  ELOOP: 'a link',
  ENXIO: 'a socket or device',
  ENODEV: 'a device',
};

const isIrregular = (cause: unknown): boolean => kindOfError(cause) !== '';

function kindOfError(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? (refusals[String(cause.code)] ?? '') : '';
}

/** What lies there in place of a file, in words. */
function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

const irregular = (path: string, kind: string, cause?: unknown): VeritrainError =>
  sdkError('VT8223', `${path} is ${kind} and no file.`, { facts: { path, kind }, cause });
