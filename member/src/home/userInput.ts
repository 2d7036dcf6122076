import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { isVeritrainError, type VeritrainError } from '@veritrain/client-sdk/errors';
import { readSmallFile } from '@veritrain/client-sdk/keys';
import { z } from 'zod';
import { isMemberError, memberError } from '../errors/memberError.js';
import { systemErrorOf } from '../errors/systemError.js';
import { streamFile, writeAtomically } from './ownFiles.js';

/** The largest table that is read into memory. */
export const maxTableBytes = 256 * 1024 * 1024;

/**
 * Reads a file that the user named, or that such a file names; `-` is standard input.
 *
 * @param maxBytes default: 16 MiB
 * @throws FILE_MISSING, NOT_A_FILE for a pipe or device, FILE_TOO_LARGE, and refusals of the system
 */
export const readUserFile = (path: string, what: string, maxBytes?: number): string =>
  decode(readUserBytes(path, what, maxBytes));

/** Removes the byte order mark that editors on Windows write. */
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The same without decoding. */
export function readUserBytes(path: string, what: string, maxBytes?: number): Buffer {
  try {
    return readSmallFile(path === '-' ? 0 : path, maxBytes);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** The same in chunks, for a file that may be larger than memory. @throws as above, at once */
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
    return memberError('VT9261', `The ${what} ${path} is too large.`, { facts });
  }
  const isFolder = isVeritrainError(cause) && cause.facts.kind === 'a folder';
  if (isVeritrainError(cause, 'VT8223') && !isFolder) return notAFile(path, what, cause);
  const refusal = systemErrorOf(cause);
  // A file without read permission is not missing.
  if (refusal !== undefined && refusal.code !== 'VT9804') return refusal;
  return missing(path, what, isFolder ? 'is a folder' : 'cannot be read', cause);
}

const missing = (path: string, what: string, why: string, cause?: unknown): VeritrainError =>
  memberError('VT9003', `The ${what} ${path} ${why}.`, { facts: { path }, cause });

const notAFile = (path: string, what: string, cause?: unknown): VeritrainError =>
  memberError('VT9260', `The ${what} ${path} is a pipe, device or socket.`, { facts: { path }, cause });

/** Writes a new file. @throws FILE_EXISTS */
export function writeNewFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  if (existsSync(path)) throw memberError('VT9005', `There is already a file ${path}.`, { facts: { path } });
  writeAtomically(path, content, mode);
}

/** Parses JSON that the user gave and checks its form. @throws FILE_INVALID */
export function parseUserJson<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw memberError('VT9004', `The ${what} ${path} is not JSON.`, { facts: { path }, cause });
  }
  return checkForm(json, schema, path, what);
}

/** Checks the form of a value that the user gave. @throws FILE_INVALID */
export function checkForm<T>(value: unknown, schema: z.ZodType<T>, path: string, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { field, problem } = firstIssue(parsed.error);
  throw memberError('VT9004', `The ${what} ${path} has the wrong form.`, {
    facts: { path, field: field === '' ? '(the whole)' : field, problem },
  });
}

/** Checks the form of an application's argument. @throws WRONG_ARGUMENT naming the first wrong field */
export function checkArgument<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const { field, problem } = firstIssue(checked.error);
  throw memberError('VT9001', `${field === '' ? 'The argument' : field}: ${problem}.`, {
    facts: { field },
    hint: 'Fix the named field; the types of the library say what it takes.',
  });
}

const firstIssue = ({ issues: [issue] }: z.ZodError): { field: string; problem: string } => ({
  field: issue?.path.join('.') ?? '',
  problem: issue?.message ?? '',
});
