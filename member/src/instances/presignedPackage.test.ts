import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { streamPresigned } from './presignedPackage.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function read(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const { port } = server.address() as AddressInfo;
  const from = { url: new URL(`http://vault.invalid:${port.toString()}/package`), ip: '127.0.0.1' };
  let sizeBytes = 0;
  for await (const piece of streamPresigned(from, {}, { patienceMs: 300, minBytesPerSecond: 100_000 }))
    sizeBytes += piece.length;
  return sizeBytes;
}

const drips: Record<string, RequestListener> = {
  nothing: () => undefined,
  'its head': ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nx: ');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => {
      clearInterval(timer);
    });
  },
  'the package': (_request, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => {
      clearInterval(timer);
    });
  },
};

describe('attack 63: a lent package', () => {
  it('comes from the address that was looked at, whatever its name is', async () => {
    expect(await read((_request, response) => response.end(Buffer.alloc(100_000)))).toBe(100_000);
  });

  it.each(Object.keys(drips))('is not waited for without end where the server drips %s', async (what) => {
    await expect(read(drips[what]!)).rejects.toMatchObject({ code: 'VT9210' });
  });

  it.each([301, 302, 307, 403, 503])('is not there where the server says %i', async (status) => {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    await expect(read(answer)).rejects.toMatchObject({ code: 'VT9210', facts: { status } });
  });
});
