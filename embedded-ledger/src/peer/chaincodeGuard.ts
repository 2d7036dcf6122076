import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

/** If the contract's event loop does not answer its guard within this time, it counts as blocked for good. */
const ANSWER_WITHIN_MS = 3000;
const STDIN = 0;
const STDERR = 2;

// A separate thread in the contract's process, which works even while the contract is busy. It ends the process when
// the ledger's end of its standard input closes, however the ledger died. When the ledger writes there, it ends the
// process if the contract's event loop does not answer: then a function runs for ever, and the process will answer no
// transaction again.
let unanswered: NodeJS.Timeout | undefined;
parentPort?.on('message', () => {
  clearTimeout(unanswered);
  unanswered = undefined;
});

function check(): void {
  unanswered ??= setTimeout(() => {
    writeSync(STDERR, 'Error: a transaction function blocks the event loop, so no other can run\n');
    process.kill(process.pid, 'SIGKILL');
  }, ANSWER_WITHIN_MS);
  parentPort?.postMessage('');
}

new Socket({ fd: STDIN, readable: true })
  .on('error', () => undefined)
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
  .on('data', check);
