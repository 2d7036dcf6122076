import { type Client, connectivityState } from '@grpc/grpc-js';
import { abortError } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';
import { type GatewayAddress, tlsRefusal } from './tlsRefusal.js';

/**
 * Resolves once the channel is connected, dialling if need be.
 *
 * @throws GATEWAY_UNREACHABLE, or GATEWAY_UNTRUSTED, after `timeoutMs`; ABORTED when the signal fires.
 */
export async function waitUntilReady(
  client: Client,
  gateway: GatewayAddress,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) throw abortError(signal);
  const channel = client.getChannel();
  if (channel.getConnectivityState(true) === connectivityState.READY) return;
  const cause = await connected(client, timeoutMs, signal);
  if (cause !== undefined) throw await unreachable(gateway, timeoutMs, cause);
}

/** @returns why it is not, after `timeoutMs` */
function connected(client: Client, timeoutMs: number, signal?: AbortSignal): Promise<Error | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      if (signal !== undefined) reject(abortError(signal));
    };
    signal?.addEventListener('abort', abort, { once: true });
    client.waitForReady(Date.now() + timeoutMs, (cause) => {
      signal?.removeEventListener('abort', abort);
      resolve(cause);
    });
  });
}

async function unreachable(gateway: GatewayAddress, timeoutMs: number, cause: Error): Promise<Error> {
  const { address } = gateway;
  const facts = { address, waitedMs: timeoutMs };
  // The gRPC client says only that time is up.
  const refusal = await tlsRefusal(gateway);
  if (refusal !== undefined)
    return sdkError('VT8123', `${address} is not who the profile says: ${refusal.message}.`, {
      facts: { ...facts, tls: refusal.code },
      cause,
    });
  return sdkError('VT8101', `No connection to ${address} within ${timeoutMs / 1000} s.`, { facts, cause });
}
