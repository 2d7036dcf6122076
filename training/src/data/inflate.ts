import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { TrainingError } from '../errors.js';
import { MAX_INFLATED_BYTES, MAX_INFLATED_BYTES_IN_MEMORY } from './limits.js';

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes that gzip compressed, at most 256 MiB. @throws TrainingError VT7001 */
export function inflate(bytes: Uint8Array, source: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES_IN_MEMORY });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return refuseLarge(source, MAX_INFLATED_BYTES_IN_MEMORY);
    return refuseDamaged(error, source);
  }
}

/** A stream's bytes, inflated where gzip compressed them. */
export interface Inflated {
  readonly compressed: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Looks at the first two bytes of a stream. Its pieces may be reused once the next one is asked for.
 * @param most bytes that gzip may have compressed; 8 GiB if absent
 * @throws TrainingError VT7001, while the bytes are read
 */
export async function inflated(
  csv: AsyncIterable<Uint8Array>,
  source: string,
  most = MAX_INFLATED_BYTES,
): Promise<Inflated> {
  const pieces = csv[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = follow(head, pieces);
  const compressed = isGzip(head);
  return { compressed, bytes: compressed ? gunzip(whole, source, most) : whole };
}

async function* follow(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

async function* gunzip(
  pieces: AsyncIterable<Uint8Array>,
  source: string,
  most: number,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(copies(pieces));
  const output = createGunzip();
  input.on('error', (error) => output.destroy(error)).pipe(output);
  let size = 0;
  try {
    for await (const piece of output as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > most) refuseLarge(source, most);
      yield piece;
    }
  } catch (error) {
    refuseDamaged(error, source);
  } finally {
    input.destroy();
    output.destroy();
  }
}

// The stream reads ahead.
async function* copies(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Uint8Array.from(piece);
}

function refuseLarge(source: string, mostBytes: number): never {
  throw new TrainingError('VT7001', `${source} inflates to more than ${String(mostBytes / 2 ** 20)} MiB`, {
    source,
    mostBytes,
  });
}

function refuseDamaged(error: unknown, source: string): never {
  if (!codeOf(error).startsWith('Z_')) throw error;
  throw new TrainingError('VT7001', `${source} is compressed with gzip, and damaged`, { source }, error);
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);
