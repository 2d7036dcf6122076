import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { reach } from './reach.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
}

describe('whether a node answers', () => {
  it('is told of one that speaks without TLS, and of one that hangs up', async () => {
    expect(await reach(await listening(createHttp2Server() as unknown as Server))).toBe('answers');
    expect(await reach(await listening(createServer((socket) => socket.end())))).toBe('answers');
  });

  it('is told apart from silence', async () => {
    const sockets: (() => void)[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(() => socket.destroy());
    });
    expect(await reach(await listening(server), 200)).toBe('silent');
    sockets.forEach((end) => end());
  });

  it('is told apart from a port at which nothing listens, and from a host that nobody knows', async () => {
    const server = createServer();
    const address = await listening(server);
    servers.splice(0);
    server.close();
    await once(server, 'close');
    expect(await reach(address)).toBe('refused');
    expect(await reach(`localhost:${address.split(':')[1] ?? ''}`)).toBe('refused');
    expect(await reach('orderer.invalid:7050')).toBe('unseen');
  });
});
