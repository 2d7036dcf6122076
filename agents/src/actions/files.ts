import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import { streamFile } from './streamFile.js';

/** A file that the user named. @throws AgentsError FILE_MISSING */
export function readUserFile(path: string, what: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** The same a piece at a time, for a file that may be larger than memory. @throws AgentsError FILE_MISSING, at once */
export function streamUserFile(path: string, what: string): AsyncIterable<Uint8Array> {
  if (path === '-') return process.stdin;
  try {
    accessSync(path, constants.R_OK);
    if (!statSync(path).isDirectory()) return streamFile(path);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
  throw unreadable(path, what, { code: 'EISDIR' });
}

function unreadable(path: string, what: string, cause: unknown): AgentsError {
  const reason = (cause as NodeJS.ErrnoException).code === 'EISDIR' ? 'is a folder' : 'cannot be read';
  return new AgentsError('VT9003', `The ${what} ${path} ${reason}.`, { facts: { path }, cause });
}

/** JSON that the user named, of the given form. @throws AgentsError FILE_INVALID */
export function parseUserJson<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AgentsError('VT9004', `The ${what} ${path} is not JSON.`, { facts: { path }, cause });
  }
  return checkForm(json, schema, path, what);
}

/** A value that the user gave, of the given form. @throws AgentsError FILE_INVALID */
export function checkForm<T>(value: unknown, schema: z.ZodType<T>, path: string, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new AgentsError('VT9004', `The ${what} ${path} is not of the right form.`, {
    facts: { path, field: field === '' ? '(the whole)' : field, problem: issue?.message ?? '' },
  });
}

/** Writes a new file. @throws AgentsError FILE_EXISTS */
export function writeNewFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  if (existsSync(path))
    throw new AgentsError('VT9005', `There is a file ${path} already.`, { facts: { path } });
  writeAtomically(path, content, mode);
}
