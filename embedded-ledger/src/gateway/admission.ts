import { status } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { readingRequests } from './requestBytes.js';
import { RpcError } from './rpcError.js';

/** The concurrency limit of a Fabric peer's endorser and deliver services. */
const MAX_CALLS = 2500;
/** The total of all requests in flight. */
const MAX_REQUEST_BYTES = 256 * 1024 * 1024;

/** Limits the calls in flight over all clients. It admits a call before any code reads its content. */
export class Admission {
  private readonly sizes = new WeakMap<object, number>();
  private calls = 0;
  private bytes = 0;

  /** The same service, which also records the size of each request. */
  measuring<T extends ServiceDefinition>(service: T): T {
    return readingRequests(service, (read) => (bytes) => {
      const request = read(bytes);
      this.sizes.set(request, bytes.length);
      return request;
    });
  }

  /** @returns a function to call when the call has ended. @throws RpcError RESOURCE_EXHAUSTED */
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
