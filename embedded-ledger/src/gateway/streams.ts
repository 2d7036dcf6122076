import { once } from 'node:events';

interface Writable<T> {
  write(message: T): boolean;
  readonly cancelled: boolean;
}

/** Writes one message to a gRPC stream, and waits if the client is slower than the ledger. */
export async function writeTo<T>(
  call: Writable<T> & NodeJS.EventEmitter,
  message: T,
  signal: AbortSignal,
): Promise<void> {
  if (call.cancelled) return;
  if (!call.write(message)) await once(call, 'drain', { signal });
}

/** Aborts when the client hangs up. */
export function cancellationOf(call: NodeJS.EventEmitter): AbortSignal {
  const controller = new AbortController();
  call.once('cancelled', () => {
    controller.abort();
  });
  return controller.signal;
}
