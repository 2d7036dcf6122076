import { type Client, connectivityState } from '@grpc/grpc-js';
import { abortError } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';
import type { Proxy } from './proxy.js';
import { type GatewayAddress, tlsRefusal } from './tlsRefusal.js';
import { tunnel } from './tunnel.js';

/** A gateway, and how it is reached. */
export interface ReachedGateway extends GatewayAddress {
  /** On the way there. */
  readonly proxy: Proxy | undefined;
}

/**
 * Resolves once the channel is connected, dialling if need be.
 *
 * @throws GATEWAY_UNREACHABLE, or GATEWAY_UNTRUSTED, after `timeoutMs`; ABORTED when the signal fires.
 */
export async function waitUntilReady(
  client: Client,
  gateway: ReachedGateway,
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

async function unreachable(gateway: ReachedGateway, timeoutMs: number, cause: Error): Promise<Error> {
  const { address, proxy } = gateway;
  const way = await lookAtTheWay(gateway);
  const facts = {
    address,
    waitedMs: timeoutMs,
    ...(proxy === undefined ? {} : { proxy: proxy.address, proxyVariable: proxy.variable }),
  };
  if (way.refusal !== undefined)
    return sdkError('VT8123', `${address} is not who the profile says: ${way.refusal.message}.`, {
      facts: { ...facts, tls: way.refusal.code },
      cause,
    });
  const reason = `No connection to ${address} within ${timeoutMs / 1000} s${way.words}.`;
  return sdkError('VT8101', reason, { facts, cause });
}

/** The gRPC client says only that time is up. */
async function lookAtTheWay(
  gateway: ReachedGateway,
): Promise<{ words: string; refusal?: Awaited<ReturnType<typeof tlsRefusal>> }> {
  const { address, proxy } = gateway;
  if (proxy === undefined) return { words: '', refusal: await tlsRefusal(gateway) };
  const words = `, by the proxy ${proxy.address} that ${proxy.variable} names`;
  try {
    const socket = await tunnel(proxy, address);
    try {
      return { words, refusal: await tlsRefusal(gateway, socket) };
    } finally {
      socket.destroy();
    }
  } catch (error) {
    return { words: `${words} (${error instanceof Error ? error.message : String(error)})` };
  }
}
