import type { ServiceDefinition } from '@grpc/grpc-js';

type Read = (bytes: Buffer) => object;

/** The same service with another function that reads the bytes of its requests. */
export function readingRequests<T extends ServiceDefinition>(service: T, reading: (read: Read) => Read): T {
  const methods = Object.entries(service).map(([name, method]) => {
    const requestDeserialize = reading((bytes) => method.requestDeserialize(bytes) as object);
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(methods) as T;
}
