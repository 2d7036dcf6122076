import type { IncomingMessage } from 'node:http';
import { throwIfAborted } from '../../errors/abort.js';
import { sdkError } from '../../errors/veritrainError.js';
import type { S3Connection } from './connection.js';
import { SlowServer } from './answer.js';
import { failureOf } from './failure.js';
import { keyOf } from './objectKey.js';
import { S3Refusal } from './refusal.js';
import { Tries } from './retry.js';

/** An object whose answer has begun. */
export interface Download {
  readonly sizeBytes: number;
  /** Its bytes, exactly that many; when the connection is lost, reading goes on where it stopped. */
  readonly pieces: () => AsyncGenerator<Uint8Array>;
  /** Gives up what was not read. */
  close(): void;
}

interface Reading {
  readonly connection: S3Connection;
  readonly handle: string;
  readonly signal: AbortSignal | undefined;
}

/** @throws OBJECT_MISSING, OBJECT_NOT_GRANTED, ABORTED, and what else keeps the vault from answering */
export async function download(reading: Reading): Promise<Download> {
  const { connection, handle, signal } = reading;
  const response = await connection.call((client) => request(client, reading, {}), {
    purpose: 'read',
    handle,
    signal,
  });
  const sizeBytes = Number(response.headers['content-length'] ?? NaN);
  if (!Number.isSafeInteger(sizeBytes)) {
    response.destroy();
    throw sdkError('VT8214', 'The vault did not say how large the object is.', { facts: { handle } });
  }
  return {
    sizeBytes,
    pieces: () => resuming(reading, response, sizeBytes),
    close: () => response.destroy(),
  };
}

function request(
  client: Parameters<Parameters<S3Connection['call']>[0]>[0],
  { connection, handle }: Reading,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  const object = { bucketName: connection.bucket, objectName: keyOf(handle) };
  return client.makeRequestAsync({ method: 'GET', ...object, headers }, '', [200, 206]);
}

async function* resuming(
  reading: Reading,
  first: IncomingMessage,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const { connection, signal } = reading;
  const tries = new Tries(connection.timing, signal);
  let response: IncomingMessage | undefined = first;
  for (let readBytes = 0; readBytes < sizeBytes || response !== undefined;) {
    try {
      throwIfAborted(signal);
      response ??= await rest(reading, first.headers.etag, readBytes);
      for await (const piece of timed(response, tries)) {
        readBytes += piece.length;
        if (readBytes > sizeBytes) throw changed(reading.handle);
        yield piece;
      }
      response = undefined;
      if (readBytes < sizeBytes) throw new ShortAnswer();
    } catch (error) {
      response = undefined;
      await onLoss(error, reading, tries);
    }
  }
}

/** An answer's pieces, each in time: what the reader does between them takes the time that it takes. */
async function* timed(response: IncomingMessage, tries: Tries): AsyncGenerator<Buffer> {
  let late: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const { patienceMs } = tries;
    late = setTimeout(() => response.destroy(new SlowServer(patienceMs)), patienceMs);
  };
  try {
    wait();
    for await (const piece of response as AsyncIterable<Buffer>) {
      clearTimeout(late);
      tries.progress(piece.length);
      const since = performance.now();
      yield piece;
      tries.paused(performance.now() - since);
      wait();
    }
  } finally {
    clearTimeout(late);
  }
}

/** The answer ended like a whole one, and was none. */
class ShortAnswer extends Error {
  readonly code = 'ECONNRESET';
}

async function onLoss(error: unknown, { connection, handle, signal }: Reading, tries: Tries): Promise<void> {
  if (error instanceof S3Refusal && error.status === 412) throw changed(handle);
  try {
    await tries.again(error);
  } catch (last) {
    throw failureOf(last, connection.place, { purpose: 'read', handle, signal });
  }
}

/** The object from some byte on, if it is still the same one. */
async function rest(reading: Reading, etag: string | undefined, readBytes: number): Promise<IncomingMessage> {
  const { connection, handle, signal } = reading;
  const headers = { range: `bytes=${readBytes}-`, ...(etag === undefined ? {} : { 'if-match': etag }) };
  const response = await connection.once((client) => request(client, reading, headers), signal);
  if (response.headers['content-range']?.startsWith(`bytes ${readBytes}-`) === true) return response;
  response.destroy();
  throw sdkError('VT8214', 'The vault sends no part of an object.', { facts: { handle } });
}

function changed(handle: string): Error {
  return sdkError('VT8202', 'The object changed while it was read.', { facts: { handle } });
}
