import { status } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { readingRequests } from './requestBytes.js';
import { RpcError } from './rpcError.js';

/** As many calls as a Fabric peer's endorser and deliver services take at once. */
const MAX_CALLS = 2500;
/** Of all requests that are being answered, together. */
const MAX_REQUEST_BYTES = 256 * 1024 * 1024;

/** Bounds what is in flight, whoever sends it: a call is admitted before anything in it is looked at. */
export class Admission {
  private readonly sizes = new WeakMap<object, number>();
  private calls = 0;
  private bytes = 0;

  /** The same service; of each request it is remembered how many bytes it had. */
  measuring<T extends ServiceDefinition>(service: T): T {
    return readingRequests(service, (read) => (bytes) => {
      const request = read(bytes);
      this.sizes.set(request, bytes.length);
      return request;
    });
  }

  /** @returns to be called when the call has ended. @throws RpcError RESOURCE_EXHAUSTED */
  enter(request?: object): () => void {
    const bytes = request === undefined ? 0 : (this.sizes.get(request) ?? 0);
    if (this.calls >= MAX_CALLS) throw busy(`exceeding concurrency limit (${String(MAX_CALLS)})`);
    if (this.bytes + bytes > MAX_REQUEST_BYTES) throw busy(`exceeding ${String(MAX_REQUEST_BYTES)} bytes`);
    this.calls++;
    this.bytes += bytes;
    return () => {
      this.calls--;
      this.bytes -= bytes;
    };
  }
}

const busy = (why: string): RpcError =>
  new RpcError(status.RESOURCE_EXHAUSTED, `too many requests for this gateway, ${why}`);
