import type { S3Connection } from './connection.js';
import { failureOf } from './failure.js';
import { isVeritrainError } from '../../errors/veritrainError.js';
import { keyOf } from './objectKey.js';
import { readUpTo } from './answer.js';
import { S3Refusal } from './refusal.js';

/** Whether an object is there, and its size. */
export type Stat = { readonly sizeBytes: number } | { readonly absent: true; readonly reason: unknown };

/**
 * Looks at an object by asking for its first byte: unlike the answer to HEAD, one that says no says why, so that wrong
 * credentials are not taken for an absent object.
 */
export async function statObject(
  connection: S3Connection,
  handle: string,
  signal: AbortSignal | undefined,
): Promise<Stat> {
  try {
    return await connection.attempt(async (client) => {
      const response = await client.makeRequestAsync(
        {
          method: 'GET',
          bucketName: connection.bucket,
          objectName: keyOf(handle),
          headers: { range: 'bytes=0-0' },
        },
        '',
        [200, 206],
      );
      // A server that knows no ranges sends all of it.
      await readUpTo(response, { maxBytes: 65_536, withinMs: connection.timing.silenceMs });
      const total = /\/(\d+)$/.exec(response.headers['content-range'] ?? '')?.[1];
      return { sizeBytes: Number(total ?? response.headers['content-length']) };
    }, signal);
  } catch (error) {
    // An object of no bytes has no first one.
    if (error instanceof S3Refusal && error.status === 416) return { sizeBytes: 0 };
    const reason = failureOf(error, connection.place, { purpose: 'read', handle, signal });
    if (isAbsence(reason)) return { absent: true, reason };
    throw reason;
  }
}

const isAbsence = (error: unknown): boolean => isVeritrainError(error, 'VT8201', 'VT8206');
