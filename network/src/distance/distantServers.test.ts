import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { distantProxy, distantServer } from './distantServers.js';

const roundTripMs = 60;
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  sockets.clear();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const target = (serve: (socket: Socket) => void): Promise<number> =>
  listening(createServer({ allowHalfOpen: true }, serve));

const echo = (): Promise<number> => target((socket) => socket.pipe(socket));

function dial(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  sockets.add(socket);
  socket.on('error', () => undefined);
  return socket;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe('a server that is a round trip away', () => {
  const distant = async (port: number): Promise<number> => listening(distantServer(port, roundTripMs));

  it('takes a round trip to open a connection, and one for each question and answer', async () => {
    const port = await distant(await echo());
    let start = performance.now();
    const socket = dial(port);
    socket.write('first');
    expect(String((await once(socket, 'data'))[0])).toBe('first');
    expect(performance.now() - start).toBeGreaterThanOrEqual(2 * roundTripMs);
    start = performance.now();
    socket.write('second');
    expect(String((await once(socket, 'data'))[0])).toBe('second');
    expect(performance.now() - start).toBeGreaterThanOrEqual(roundTripMs);
  });

  it('keeps megabytes whole and in order', async () => {
    const sent = randomBytes(20_000_000);
    const socket = dial(await distant(await echo()));
    socket.end(sent);
    expect((await buffer(socket)).equals(sent)).toBe(true);
  });

  it('keeps a connection half open', async () => {
    const port = await target((socket) => {
      let question = '';
      socket.on('data', (chunk) => (question += String(chunk)));
      socket.on('end', () => {
        socket.write('the answer to ');
        setTimeout(() => socket.end(question), 100);
      });
    });
    const socket = dial(await distant(port));
    socket.end('a question');
    expect(await text(socket)).toBe('the answer to a question');
  });

  it('hands on what a server says first', async () => {
    const socket = dial(await distant(await target((each) => each.end('welcome'))));
    expect(await text(socket)).toBe('welcome');
  });

  it('lets a client wait for a server that does not read', async () => {
    let slow: Socket | undefined;
    const socket = dial(await distant(await target((each) => (slow = each.pause()))));
    const sent = Buffer.alloc(200_000_000);
    socket.end(sent);
    // The accepted bytes are those that the server holds and those in the system's buffers.
    let before = -1;
    while (socket.bytesWritten - socket.writableLength !== before || slow === undefined) {
      before = socket.bytesWritten - socket.writableLength;
      await delay(300);
    }
    expect(socket.writableFinished).toBe(false);
    expect(await buffer(slow)).toHaveLength(sent.length);
  });

  it('resets a connection to a server that is not there', async () => {
    const socket = dial(await distant(await unusedPort()));
    socket.write('anybody there?');
    await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each(['client', 'server'] as const)('resets the other side where the %s breaks off', async (who) => {
    let accepted: Socket | undefined;
    const port = await target((socket) => (accepted = socket.resume()));
    const client = dial(await distant(port));
    client.resume().write('hello');
    while (accepted === undefined) await delay(10);
    const [breaks, other] = who === 'client' ? [client, accepted] : [accepted, client];
    const reset = once(other, 'end');
    breaks.resetAndDestroy();
    await expect(reset).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('tells its server nothing of who only looks whether it listens', async () => {
    let count = 0;
    const socket = dial(await distant(await target(() => (count += 1))));
    await once(socket, 'connect');
    socket.destroy();
    await delay(4 * roundTripMs);
    expect(count).toBe(0);
  });

  it('carries many connections at once', async () => {
    const port = await distant(await echo());
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const socket = dial(port);
        socket.end(`connection ${index}`);
        return text(socket);
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => `connection ${index}`));
  });
});

describe('a proxy to others that are a round trip away', () => {
  const proxy = async (): Promise<number> => listening(distantProxy(roundTripMs));

  async function ask(path: string, method = 'CONNECT'): Promise<{ status: number; socket: Socket }> {
    const asked = request({ host: '127.0.0.1', port: await proxy(), method, path, agent: false }).end();
    const [answer, socket] = (await once(asked, method === 'CONNECT' ? 'connect' : 'response')) as [
      IncomingMessage,
      Socket | undefined,
    ];
    if (socket !== undefined) sockets.add(socket);
    return { status: answer.statusCode ?? 0, socket: socket ?? answer.resume().socket };
  }

  it('leads to a port of this machine, a round trip away', async () => {
    const start = performance.now();
    const { status, socket } = await ask(`LOCALHOST:${await echo()}`);
    expect(status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(roundTripMs);
    const asked = performance.now();
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    expect(performance.now() - asked).toBeGreaterThanOrEqual(roundTripMs);
    socket.end('goodbye');
    expect(await text(socket)).toBe('goodbye');
  });

  it.each(['example.com:443', '192.0.2.1:7050', 'localhost', 'localhost:0', 'localhost:99999'])(
    'leads nowhere else: %s',
    async (where) => {
      expect((await ask(where)).status).toBe(403);
    },
  );

  it('knows no other request', async () => {
    expect((await ask('/', 'GET')).status).toBe(405);
  });

  it('breaks off where nobody listens', async () => {
    await expect(ask(`localhost:${await unusedPort()}`)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
