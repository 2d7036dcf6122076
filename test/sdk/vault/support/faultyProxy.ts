import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What the way to a server, or a server under load, does to one request. */
export const faults = [
  /** All goes well, later. */
  'delay',
  /** The connection is reset before anything arrives. */
  'reset',
  /** Half of the request arrives, then the connection is reset. */
  'cutRequest',
  /** The request is done, and its answer is lost. */
  'lostAnswer',
  /** Half of the answer comes, then the connection is reset. */
  'cutAnswer',
  /** 503, as a server says that has too much to do. */
  'busy',
  /** One bit of the request's body changes on the way. */
  'spoiltRequest',
  /** One bit of the answer's body changes on the way. */
  'spoiltAnswer',
  /** The answer says that it is half as long as it is, and is. */
  'shortAnswer',
] as const;
/** `unknown`: no fault of the way, but 501, as of a server that does not know what it is asked for. */
export type Fault = (typeof faults)[number] | 'unknown';

export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface FaultyProxy {
  readonly endpoint: string;
  /** All that came, in order. */
  readonly requests: readonly ProxiedRequest[];
  /** Decides about each request; none goes wrong where it says so, or is absent. */
  plan?: ((request: ProxiedRequest) => Fault | undefined) | undefined;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** A proxy in front of an HTTP server on a port of this machine, which does to requests what it is told. */
export async function startFaultyProxy(port: number): Promise<FaultyProxy> {
  const requests: ProxiedRequest[] = [];
  const proxy: FaultyProxy = { endpoint: '', requests, close };
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const one = { method, url, headers };
    requests.push(one);
    // What the server or the client breaks off by itself is passed on as a broken connection.
    handle(incoming, outgoing, port, proxy.plan?.(one)).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(proxy, { endpoint });

  async function close(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  fault: Fault | undefined,
): Promise<void> {
  if (fault === 'reset') return void incoming.socket.resetAndDestroy();
  const body = await bodyOf(incoming);
  if (fault === 'busy') return void outgoing.writeHead(503).end(errorXml('SlowDown'));
  if (fault === 'unknown') return void outgoing.writeHead(501).end(errorXml('NotImplemented'));
  if (fault === 'delay') await delay(50);
  if (fault === 'cutRequest') {
    await forward(incoming, body.subarray(0, Math.floor(body.length / 2)), port, true).catch(() => undefined);
    return void incoming.socket.resetAndDestroy();
  }
  const answer = await forward(incoming, fault === 'spoiltRequest' ? spoilt(body) : body, port, false);
  if (fault === 'lostAnswer') return void incoming.socket.resetAndDestroy();
  await reply(answer, outgoing, fault);
}

const errorXml = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The request as it came, host included, since it is signed; cut off after the body where `cut` says so. */
function forward(incoming: IncomingMessage, body: Buffer, port: number, cut: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = incoming;
    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false };
    const sent = request(options, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      bodyOf(response).then((content) => resolve({ status, headers: answered, body: content }), reject);
    });
    sent.on('error', reject);
    if (cut) sent.write(body, () => sent.destroy(new Error('cut')));
    else sent.end(body);
  });
}

async function reply(
  { status, headers, body }: Answer,
  outgoing: ServerResponse,
  fault?: Fault,
): Promise<void> {
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (fault === 'shortAnswer') {
    outgoing.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
    return;
  }
  outgoing.writeHead(status, headers);
  if (fault !== 'cutAnswer') {
    outgoing.end(fault === 'spoiltAnswer' ? spoilt(body) : body);
    return;
  }
  outgoing.write(half);
  await delay(5);
  outgoing.socket?.resetAndDestroy();
}

function spoilt(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  if (changed.length > 0) changed[Math.floor(changed.length / 2)]! ^= 1;
  return changed;
}

/** A plan of faults that are drawn, the same for the same seed. One of four requests goes wrong. */
export function drawn(seed: number, from: readonly Fault[]): () => Fault | undefined {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return () => (next(4) === 0 ? from[next(from.length)] : undefined);
}
