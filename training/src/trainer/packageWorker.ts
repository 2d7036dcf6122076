import { parentPort, workerData } from 'node:worker_threads';
import { sentError } from '../sentError.js';
import { Opening, type OpenOptions } from './opening.js';
import type { FromThread, ToThread } from './packageThread.js';

// The thread of a `PackageThread`: it answers each message with one.

const opening = new Opening(workerData as OpenOptions);

function answerTo(message: ToThread): FromThread {
  if (!(message instanceof Uint8Array)) return { whole: opening.end(message.digest) };
  opening.reader.push(message);
  return { rows: opening.reader.rows };
}

parentPort?.on('message', (message: ToThread) => {
  try {
    parentPort?.postMessage(answerTo(message));
  } catch (error) {
    parentPort?.postMessage(sentError(error) satisfies FromThread);
  }
});
