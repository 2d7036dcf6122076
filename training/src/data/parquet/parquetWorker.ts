import { parentPort, workerData } from 'node:worker_threads';
import { sentError } from '../../sentError.js';
import type { ReadableFile } from './openParquet.js';
import type { FromThread, ThreadData, ToThread } from './parquetThread.js';
import { readParquet } from './readParquet.js';

// The thread of a `ParquetThread`: it asks for parts of the file, and answers each of the other messages with one.

const { source, byteLength } = workerData as ThreadData;
const say = (message: FromThread): void => parentPort?.postMessage(message);

/** Parts of the file that were asked for. */
const awaited = new Map<number, { resolve: (part: ArrayBuffer) => void; reject: (error: Error) => void }>();
let parts = 0;
const file: ReadableFile = {
  byteLength,
  slice: (start, end) =>
    new Promise((resolve, reject) => {
      awaited.set(++parts, { resolve, reject });
      say({ kind: 'slice', part: parts, start, end });
    }),
};

const opened = readParquet(file, source);
// It is told to whoever asks.
opened.catch(() => undefined);
let pieces: AsyncIterator<Uint8Array> | undefined;

async function answerTo(message: Exclude<ToThread, { kind: 'part' }>): Promise<FromThread> {
  const { columns, table } = await opened;
  switch (message.kind) {
    case 'columns':
      return { kind: 'columns', columns };
    case 'needed': {
      const { csv, texts } = table(message.isNeeded);
      pieces = csv[Symbol.asyncIterator]();
      return { kind: 'texts', texts };
    }
    case 'next': {
      const next = await pieces?.next();
      return { kind: 'piece', piece: next?.done === false ? next.value : undefined };
    }
  }
}

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'part') {
    const { resolve, reject } = awaited.get(message.part) ?? {};
    awaited.delete(message.part);
    if (message.bytes === undefined) reject?.(new Error('the file cannot be read'));
    else resolve?.(message.bytes);
    return;
  }
  void answerTo(message)
    .catch((error: unknown): FromThread => ({ kind: 'refused', error: sentError(error) }))
    .then(say);
});
