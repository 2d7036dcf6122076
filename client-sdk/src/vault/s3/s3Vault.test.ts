import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newHandle } from '../handle.js';
import { s3Vault, type S3Vault } from './s3Vault.js';

const sockets = new Set<Socket>();
let server: Server;
let vault: S3Vault;

beforeAll(async () => {
  server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vault = s3Vault({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`,
    bucket: 'market',
    credentials: { kind: 'static', accessKey: 'access', secretKey: 'secret-of-nobody' },
  });
});
afterAll(() => {
  sockets.forEach((socket) => socket.destroy());
  server?.close();
});

it.each(['get', 'has', 'delete'] as const)(
  'stops at once when told to, where the server takes requests and says nothing: %s',
  async (call) => {
    const stop = new AbortController();
    const known = sockets.size;
    const called = vault[call](newHandle(), { signal: stop.signal });
    called.catch(() => undefined);
    await expect.poll(() => sockets.size).toBeGreaterThan(known);
    stop.abort();
    await expect(called).rejects.toMatchObject({ code: 'VT8005' });
  },
  // Patience with such a server is longer.
  5_000,
);
