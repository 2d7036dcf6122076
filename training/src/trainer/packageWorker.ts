import { parentPort } from 'node:worker_threads';
import { sentError } from '../sentError.js';
import { Opening, type Opened } from './opening.js';
import type { FromThread, ToThread } from './packageThread.js';

// The thread of a `PackageThread`: it answers each message with one.

/** Of the package that is read now. */
let opening: Opening | undefined;

function answerTo(message: ToThread): FromThread {
  if ('begins' in message) opening = new Opening(message.begins);
  if (opening === undefined) throw new RangeError('bytes before a package began');
  if (message instanceof Uint8Array) opening.reader.push(message);
  if ('ends' in message) return { whole: endOf(opening, message.ends.digest) };
  return { rows: opening.reader.rows };
}

/** Another package may follow: nothing of this one stays. */
function endOf(read: Opening, digest: string | undefined): Opened {
  opening = undefined;
  return read.end(digest);
}

parentPort?.on('message', (message: ToThread) => {
  try {
    parentPort?.postMessage(answerTo(message));
  } catch (error) {
    parentPort?.postMessage(sentError(error) satisfies FromThread);
  }
});
