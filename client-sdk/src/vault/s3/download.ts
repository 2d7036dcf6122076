import type { IncomingMessage } from 'node:http';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
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
  const first = await connection.call((client, http) => client.send(objectOf(reading), http), {
    purpose: 'read',
    handle,
    signal,
  });
  const [sizeBytes = NaN, body] = [first.ContentLength, bodyOf(first)];
  if (!Number.isSafeInteger(sizeBytes)) {
    body.destroy();
    throw sdkError('VT8214', 'The vault did not say how large the object is.', { facts: { handle } });
  }
  return {
    sizeBytes,
    pieces: () => resuming(reading, first, sizeBytes),
    close: () => body.destroy(),
  };
}

const objectOf = (
  { connection, handle }: Reading,
  condition: { Range?: string; IfMatch?: string | undefined } = {},
): GetObjectCommand => new GetObjectCommand({ Bucket: connection.bucket, Key: keyOf(handle), ...condition });

/** Under Node it is an answer of Node's. */
const bodyOf = ({ Body }: GetObjectCommandOutput): IncomingMessage => Body as unknown as IncomingMessage;

async function* resuming(
  reading: Reading,
  first: GetObjectCommandOutput,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const { connection, signal } = reading;
  const tries = new Tries(connection.timing, signal);
  let response: IncomingMessage | undefined = bodyOf(first);
  for (let readBytes = 0; readBytes < sizeBytes || response !== undefined;) {
    try {
      throwIfAborted(signal);
      response ??= await rest(reading, first.ETag, readBytes);
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
  const asked = objectOf(reading, { Range: `bytes=${readBytes}-`, IfMatch: etag });
  const response = await connection.once((client, http) => client.send(asked, http), signal);
  if (response.ContentRange?.startsWith(`bytes ${readBytes}-`) === true) return bodyOf(response);
  bodyOf(response).destroy();
  throw sdkError('VT8214', 'The vault sends no part of an object.', { facts: { handle } });
}

function changed(handle: string): Error {
  return sdkError('VT8202', 'The object changed while it was read.', { facts: { handle } });
}
