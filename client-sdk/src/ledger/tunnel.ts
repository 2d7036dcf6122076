import type { Socket } from 'node:net';
import type { ChannelOptions } from '@grpc/grpc-js';
import type { Proxy } from './proxy.js';

const answerMs = 2_000;

/** What a gRPC channel dials, and how. Its library reads no variable itself: which proxy to take is decided here. */
export function dialled(
  address: string,
  proxy: Proxy | undefined,
): { target: string; options: ChannelOptions } {
  const direct = { 'grpc.enable_http_proxy': 0 };
  if (proxy === undefined) return { target: address, options: direct };
  const { port, credentials } = proxy;
  return {
    target: `dns:${hostOf(proxy)}:${port}`,
    options: {
      ...direct,
      'grpc.default_authority': address,
      'grpc.http_connect_target': `dns:${address}`,
      ...(credentials === undefined ? {} : { 'grpc.http_connect_creds': credentials }),
    },
  };
}

/**
 * A connection through a proxy to `host:port`.
 *
 * @throws Error that says what the proxy did instead
 */
export function tunnel({ host, port, credentials }: Proxy, address: string): Promise<Socket> {
  const headers = {
    host: address,
    ...(credentials === undefined
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
  };
  const options = { host, port, method: 'CONNECT', path: address, headers, agent: false, timeout: answerMs };
  // An import of node:http would load fetch, too: 60 ms of processor time at the start.
  const { request } = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(options)
      .once('connect', ({ statusCode = 0 }, socket) => {
        if (statusCode === 200) resolve(socket);
        else {
          socket.destroy();
          reject(new Error(`it answers ${statusCode}`));
        }
      })
      .once('timeout', () => asked.destroy(new Error('it says nothing')))
      .once('response', ({ statusCode = 0 }) => asked.destroy(new Error(`it answers ${statusCode}`)))
      .on('error', (error) => {
        reject('code' in error ? new Error(String(error.code), { cause: error }) : error);
      });
    asked.end();
  });
}

const hostOf = ({ host }: Proxy): string => (host.includes(':') ? `[${host}]` : host);
