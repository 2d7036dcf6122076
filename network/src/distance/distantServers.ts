import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, Socket, type Server } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { DelayLine } from './delayLine.js';

const host = '127.0.0.1';

/** A server that forwards every connection to a port of this machine, as if that were a round trip away. */
export function distantServer(targetPort: number, roundTripMs: number): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    void tunnel(client, { targetPort, roundTripMs });
  });
}

/**
 * An HTTP proxy to the other ports of this machine, as if they were a round trip away. It supports only CONNECT, and
 * only to this machine.
 */
export function distantProxy(roundTripMs: number): Server {
  const server = createHttpServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', ({ url = '' }, client: Socket, head: Buffer) => {
    const targetPort = portOf(url);
    if (targetPort === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    client.setNoDelay(true);
    client.unshift(head);
    void tunnel(client, { targetPort, roundTripMs, accepted: 'HTTP/1.1 200 Connection established\r\n\r\n' });
  });
  return server;
}

function portOf(target: string): number | undefined {
  const [, port] = /^localhost:(\d{1,5})$/i.exec(target) ?? [];
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? number : undefined;
}

interface Tunnel {
  readonly targetPort: number;
  readonly roundTripMs: number;
  /** The answer that the client expects before it sends. */
  readonly accepted?: string;
}

/** Opening a connection takes a round trip, and every byte takes half of one. */
async function tunnel(client: Socket, { targetPort, roundTripMs, accepted }: Tunnel): Promise<void> {
  // A distant client could not send before its connection is open. Here it is open at once, so early bytes wait.
  const there = new DelayLine(roundTripMs / 2, undefined, performance.now() + roundTripMs);
  const target = new Socket({ allowHalfOpen: true }).setNoDelay(true);
  // A connection that breaks on one side is reset on the other. Otherwise the other side would see a normal end.
  client.once('error', () => target.resetAndDestroy());
  target.once('error', () => client.resetAndDestroy());
  // The proxy reads the client's bytes from the beginning, so it notices when the client disconnects early.
  pipeline(client, there, () => undefined);
  // A timer may fire up to a millisecond early.
  await delay(roundTripMs + 1);
  if (client.destroyed || (client.readableEnded && client.bytesRead === 0)) {
    // The client only checked whether a server listens.
    client.destroy();
    return;
  }
  try {
    await once(target.connect(targetPort, host), 'connect');
  } catch {
    return;
  }
  if (accepted !== undefined) client.write(accepted);
  pipeline(there, target, () => undefined);
  pipeline(target, new DelayLine(roundTripMs / 2), client, () => undefined);
}
