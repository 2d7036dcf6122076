import { type Client, connectivityState } from '@grpc/grpc-js';
import { abortError } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';

/**
 * Resolves once the channel is connected, dialling if need be.
 *
 * @throws GATEWAY_UNREACHABLE after `timeoutMs`, ABORTED when the signal fires.
 */
export async function waitUntilReady(client: Client, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) throw abortError(signal);
  const channel = client.getChannel();
  if (channel.getConnectivityState(true) === connectivityState.READY) return;
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      if (signal !== undefined) reject(abortError(signal));
    };
    signal?.addEventListener('abort', abort, { once: true });
    client.waitForReady(Date.now() + timeoutMs, (cause) => {
      signal?.removeEventListener('abort', abort);
      if (cause === undefined) resolve();
      else reject(unreachable(channel.getTarget(), timeoutMs, cause));
    });
  });
}

function unreachable(target: string, timeoutMs: number, cause: Error): Error {
  const facts = { address: target, waitedMs: timeoutMs };
  return sdkError('VT8101', `No connection to ${target} within ${timeoutMs / 1000} s.`, { facts, cause });
}
