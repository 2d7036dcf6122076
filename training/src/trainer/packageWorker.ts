import { parentPort, workerData } from 'node:worker_threads';
import { TrainingError } from '../errors.js';
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
    // Any other error is a bug: it ends the thread, and is thrown where the package is read.
    if (!(error instanceof TrainingError)) throw error;
    const { code, message: text, facts } = error;
    parentPort?.postMessage({ code, message: text, facts } satisfies FromThread);
  }
});
