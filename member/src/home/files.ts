import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { isVeritrainError, type VeritrainError } from '@veritrain/client-sdk';
import { readSmallFile } from '@veritrain/client-sdk/keys';
import { z } from 'zod';
import { memberError, isMemberError } from '../errors/memberError.js';
import { writeAtomically } from './stateFile.js';
import { systemErrorOf } from '../errors/systemError.js';
import { streamFile } from './streamFile.js';

/** Tables are read into memory up to this size, in bytes. */
export const maxTableBytes = 256 * 1024 * 1024;

/**
 * A file that the user named, or that such a file names; `-` is standard input.
 *
 * @param maxBytes 16 MiB if absent
 * @throws FILE_MISSING, NOT_A_FILE for a pipe or device, LARGER_THAN_ALLOWED, and what the system refuses
 */
export const readUserFile = (path: string, what: string, maxBytes?: number): string =>
  decode(readUserBytes(path, what, maxBytes));

/** Editors of Windows begin a file with a byte order mark, which is none of its text. */
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The same, undecoded. */
export function readUserBytes(path: string, what: string, maxBytes?: number): Buffer {
  try {
    return readSmallFile(path === '-' ? 0 : path, maxBytes);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** The same a piece at a time, for a file that may be larger than memory. @throws as above, at once */
export function streamUserFile(path: string, what: string): AsyncIterable<Uint8Array> {
  if (path === '-') return process.stdin;
  try {
    accessSync(path, constants.R_OK);
    const stats = statSync(path);
    if (stats.isFile()) return streamFile(path);
    if (!stats.isDirectory()) throw notAFile(path, what);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
  throw missing(path, what, 'is a folder');
}

function unreadable(path: string, what: string, cause: unknown): VeritrainError {
  if (isMemberError(cause)) return cause;
  if (isVeritrainError(cause, 'VT8224')) {
    const facts = { path, maxBytes: cause.facts.maxBytes ?? 0 };
    return memberError('VT9261', `The ${what} ${path} is larger than one can be.`, { facts });
  }
  const isFolder = isVeritrainError(cause) && cause.facts.kind === 'a folder';
  if (isVeritrainError(cause, 'VT8223') && !isFolder) return notAFile(path, what, cause);
  const refusal = systemErrorOf(cause);
  // What is there and may not be read is not missing.
  if (refusal !== undefined && refusal.code !== 'VT9804') return refusal;
  return missing(path, what, isFolder ? 'is a folder' : 'cannot be read', cause);
}

const missing = (path: string, what: string, why: string, cause?: unknown): VeritrainError =>
  memberError('VT9003', `The ${what} ${path} ${why}.`, { facts: { path }, cause });

const notAFile = (path: string, what: string, cause?: unknown): VeritrainError =>
  memberError('VT9260', `The ${what} ${path} is a pipe, device or socket.`, { facts: { path }, cause });

/** JSON that the user named, of the given form. @throws FILE_INVALID */
export function parseUserJson<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw memberError('VT9004', `The ${what} ${path} is not JSON.`, { facts: { path }, cause });
  }
  return checkForm(json, schema, path, what);
}

/** A value that the user gave, of the given form. @throws FILE_INVALID */
export function checkForm<T>(value: unknown, schema: z.ZodType<T>, path: string, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw memberError('VT9004', `The ${what} ${path} is not of the right form.`, {
    facts: { path, field: field === '' ? '(the whole)' : field, problem: issue?.message ?? '' },
  });
}

/** Writes a new file. @throws FILE_EXISTS */
export function writeNewFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  if (existsSync(path)) throw memberError('VT9005', `There is a file ${path} already.`, { facts: { path } });
  writeAtomically(path, content, mode);
}
