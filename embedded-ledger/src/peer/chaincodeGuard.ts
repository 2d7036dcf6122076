/** How long the contract's event loop may take to answer its guard before it counts as blocked for good. */
const ANSWER_WITHIN_MS = 3000;

/** What the ledger writes to the process to have it looked at. */
export const CHECK = '?';

/**
 * A thread of its own in the chaincode process, which works whatever the contract is busy with. It ends the process when
 * the ledger's end of its standard input closes, however the ledger died; and, asked by the ledger, when the contract's
 * event loop does not answer: then a function runs for ever, and no transaction will be answered again.
 */
const THREAD = `
const { parentPort } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let unanswered;
parentPort.on('message', () => { clearTimeout(unanswered); unanswered = undefined; });
function check() {
  unanswered ??= setTimeout(() => {
    writeSync(2, 'Error: a transaction function blocks the event loop, so that no other can run\\n');
    process.kill(process.pid, 'SIGKILL');
  }, ${String(ANSWER_WITHIN_MS)});
  parentPort.postMessage('');
}
new (require('node:net').Socket)({ fd: 0 })
  .on('error', () => undefined)
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
  .on('data', check);
`;

const MODULE = `
import { Worker } from 'node:worker_threads';
const guard = new Worker(${JSON.stringify(THREAD)}, { eval: true });
guard.on('message', () => guard.postMessage('')).unref();
`;

/** For Node's option `--import`. */
export const GUARD_MODULE = `data:text/javascript,${encodeURIComponent(MODULE)}`;
