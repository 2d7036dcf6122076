import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, Socket, type Server } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { DelayLine } from './delayLine.js';

const host = '127.0.0.1';

/** A server that hands every connection on to a port of this machine, as if that were a round trip away. */
export function distantServer(targetPort: number, roundTripMs: number): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    void lead(client, { targetPort, roundTripMs });
  });
}

/**
 * An HTTP proxy to the other ports of this machine, as if they were a round trip away. It knows CONNECT alone, and leads
 * to no other machine.
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
    void lead(client, { targetPort, roundTripMs, accepted: 'HTTP/1.1 200 Connection established\r\n\r\n' });
  });
  return server;
}

function portOf(target: string): number | undefined {
  const [, port] = /^localhost:(\d{1,5})$/i.exec(target) ?? [];
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? number : undefined;
}

interface Way {
  readonly targetPort: number;
  readonly roundTripMs: number;
  /** What the client waits for before it sends. */
  readonly accepted?: string;
}

/** Opening a connection takes a round trip, and every byte half of one. */
async function lead(client: Socket, { targetPort, roundTripMs, accepted }: Way): Promise<void> {
  // Nobody sends before a connection is open; here it is open at once, and what comes early waits.
  const there = new DelayLine(roundTripMs / 2, undefined, performance.now() + roundTripMs);
  const target = new Socket({ allowHalfOpen: true }).setNoDelay(true);
  // A connection that breaks on one side is reset on the other, which would otherwise take it for the end.
  client.once('error', () => target.resetAndDestroy());
  target.once('error', () => client.resetAndDestroy());
  // A client that goes away early is noticed since its bytes are read from the beginning.
  pipeline(client, there, () => undefined);
  // A timer may fire up to a millisecond early.
  await delay(roundTripMs + 1);
  if (client.destroyed || (client.readableEnded && client.bytesRead === 0)) {
    // It only looked whether somebody listens.
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
