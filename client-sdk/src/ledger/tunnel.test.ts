import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { ScriptedGateway } from '../testing/scriptedGateway.js';

const call = { name: 'MarketContract:GetClock', argument: '{}' };
const elsewhere = 'peer0.org1.example.com:7051';
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.unstubAllEnvs();
});

/** Its address, as a variable names it; `serve` gets what was asked for, who asked, and the connection. */
async function proxyThat(
  serve: (asked: string | undefined, authorization: string | undefined, socket: Duplex) => void,
): Promise<string> {
  const sockets: Duplex[] = [];
  const server: Server = createServer().on('connect', ({ url, headers }, socket: Duplex) => {
    sockets.push(socket.on('error', () => undefined));
    serve(url, headers['proxy-authorization'], socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function gateway(): Promise<ScriptedGateway> {
  const server = await new ScriptedGateway({ evaluate: () => Buffer.from('[1]') }).start();
  closing.push(() => server.stop());
  return server;
}

function connection(address: string, connectMs = 3000): ReturnType<typeof testConnection> {
  const ledger = testConnection(address, { connectMs });
  closing.push(() => ledger.close());
  return ledger;
}

describe('a proxy of the environment', () => {
  it('takes calls to a gateway elsewhere, with the credentials that its variable holds', async () => {
    const { address } = await gateway();
    const asked: unknown[] = [];
    const proxy = await proxyThat((target, authorization, socket) => {
      asked.push([target, authorization]);
      const onward = connect(Number(address.split(':')[1]), '127.0.0.1');
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.on('error', () => undefined).pipe(socket);
      socket.pipe(onward);
    });
    vi.stubEnv('http_proxy', `http://user:secret@${proxy}`);
    expect(Buffer.from(await connection(elsewhere).evaluate(call)).toString()).toBe('[1]');
    expect(asked).toEqual([[elsewhere, `Basic ${Buffer.from('user:secret').toString('base64')}`]]);
  });

  it('is not asked for a gateway on this machine', async () => {
    const asked: unknown[] = [];
    vi.stubEnv('grpc_proxy', `http://${await proxyThat((target) => asked.push(target))}`);
    const { address } = await gateway();
    expect(Buffer.from(await connection(address).evaluate(call)).toString()).toBe('[1]');
    expect(asked).toEqual([]);
  });

  it('is named, without its credentials, where it lets nobody through', async () => {
    const proxy = await proxyThat((_, __, socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'));
    vi.stubEnv('https_proxy', `http://user:secret@${proxy}`);
    const error: unknown = await connection(elsewhere, 200)
      .evaluate(call)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'VT8101',
      reason: `No connection to ${elsewhere} within 0.2 s, by the proxy http://${proxy} that https_proxy names (it answers 407).`,
      facts: { address: elsewhere, proxy: `http://${proxy}`, proxyVariable: 'https_proxy' },
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('is named where it is not there', async () => {
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    await expect(connection(elsewhere, 200).evaluate(call)).rejects.toThrow(
      'by the proxy http://127.0.0.1:1 that http_proxy names (ECONNREFUSED)',
    );
  });
});
