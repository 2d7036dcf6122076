import { createRequire, flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { peer } from '@hyperledger/fabric-protos';
import { MessagePipe } from './messagePipe.js';

// The process of a contract that the ledger starts from its folder: fabric-shim's own server command, which talks to
// the ledger over a pipe in place of a port. Everything is the folder's own fabric-shim but for that.

interface ChaincodeServer {
  start(): Promise<void>;
  connect(stream: MessagePipe<peer.ChaincodeMessage>): void;
}

/** The file descriptor of the pipe: the first after the standard ones. */
const PIPE = 3;
/** By then the chaincode has loaded. It ends by a signal, which leaves Node no time to keep what it compiled. */
const LOADED_AFTER_MS = 5000;

setTimeout(flushCompileCache, LOADED_AFTER_MS).unref();
const guard = new Worker(new URL('./chaincodeGuard.js', import.meta.url));
guard
  .on('message', () => {
    guard.postMessage('');
  })
  .unref();

// The command finds its arguments where they are when it is run alone.
process.argv.splice(1, 1);
const [, command = ''] = process.argv;
const shim = createRequire(command);
const { peer: protos } = shim('@hyperledger/fabric-protos') as { readonly peer: typeof peer };
const { prototype } = shim('./lib/server.js') as { readonly prototype: ChaincodeServer };
prototype.start = function () {
  const socket = new Socket({ fd: PIPE, readable: true, writable: true });
  const parse = (bytes: Uint8Array): peer.ChaincodeMessage =>
    protos.ChaincodeMessage.deserializeBinary(bytes);
  this.connect(new MessagePipe(socket, { parse, maxBytes: Infinity }));
  return Promise.resolve();
};
shim(command);
