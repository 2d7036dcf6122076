/** If the contract's event loop does not answer its guard within this time, it counts as blocked for good. */
const ANSWER_WITHIN_MS = 3000;

/** The ledger writes this to the process to request a check. */
export const CHECK = '?';

/**
 * A separate thread in the chaincode process, which works even while the contract is busy. It ends the process when the
 * ledger's end of its standard input closes, however the ledger died. On the ledger's request it also ends the process
 * if the contract's event loop does not answer: then a function runs for ever, and the process will answer no
 * transaction again.
 */
const THREAD = `
const { parentPort } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let unanswered;
parentPort.on('message', () => { clearTimeout(unanswered); unanswered = undefined; });
function check() {
  unanswered ??= setTimeout(() => {
    writeSync(2, 'Error: a transaction function blocks the event loop, so no other can run\\n');
    process.kill(process.pid, 'SIGKILL');
  }, ${String(ANSWER_WITHIN_MS)});
  parentPort.postMessage('');
}
new (require('node:net').Socket)({ fd: 0 })
  .on('error', () => undefined)
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
  .on('data', check);
`;

/** By then the chaincode has loaded. It ends by a signal, which leaves Node no time to keep what it compiled. */
const LOADED_AFTER_MS = 5000;

const MODULE = `
import { flushCompileCache } from 'node:module';
import { Worker } from 'node:worker_threads';
setTimeout(flushCompileCache, ${String(LOADED_AFTER_MS)}).unref();
const guard = new Worker(${JSON.stringify(THREAD)}, { eval: true });
guard.on('message', () => guard.postMessage('')).unref();
`;

/** For Node's option `--import`. */
export const GUARD_MODULE = `data:text/javascript,${encodeURIComponent(MODULE)}`;
