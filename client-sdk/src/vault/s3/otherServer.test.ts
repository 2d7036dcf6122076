import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import { type AddressInfo, type Server, createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../testing/testOrganization.js';
import { newHandle } from '../handle.js';
import { prepareBucket } from './bucket.js';
import { memberPolicy } from './policy.js';
import type { S3Options } from './options.js';
import { s3Vault } from './s3Vault.js';
import { temporaryAccess } from './temporaryAccess.js';

const policy = memberPolicy('market', Buffer.alloc(32), 'pt_x');
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function optionsOf(server: Server, host = '127.0.0.1'): Promise<S3Options> {
  open.push(server.listen(0, host));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port.toString()}`,
    bucket: 'market',
    credentials: { kind: 'static', accessKey: 'access', secretKey: 'secret-of-nobody' },
    timing: { firstMs: 1, longestMs: 20, retryForMs: 300, silenceMs: 2_000, leastBytesPerSecond: 100_000 },
  };
}

describe('a clock that is off', () => {
  const answeredAt =
    (ms: number): RequestListener =>
    (request, response) => {
      // An answer to HEAD has no body, so no code either.
      request.resume();
      response.writeHead(403, { date: new Date(Date.now() + ms).toUTCString() }).end();
    };

  it.each([-20, 20])('by %s minutes is named, by the server’s own', async (minutes) => {
    const options = await optionsOf(createServer(answeredAt(minutes * 60_000)));
    await expect(prepareBucket(options, { expireBriefDays: 1 })).rejects.toMatchObject({ code: 'VT8211' });
    await expect(s3Vault(options).has(newHandle())).rejects.toMatchObject({ code: 'VT8211' });
  });

  it('by 10 minutes is not why a server refuses', async () => {
    const options = await optionsOf(createServer(answeredAt(600_000)));
    await expect(prepareBucket(options, { expireBriefDays: 1 })).rejects.toMatchObject({ code: 'VT8206' });
  });
});

describe('a server that speaks TLS, called over http', () => {
  const expected = { code: 'VT8225', hint: expect.stringContaining('https://') as string };

  it('is found out where it hangs up', async () => {
    const options = await optionsOf(createTlsServer(await selfSigned('CN=localhost')));
    await expect(prepareBucket(options, { expireBriefDays: 1 })).rejects.toMatchObject(expected);
  });

  it('is taken at its word where it says so', async () => {
    const answer = 'Client sent an HTTP request to an HTTPS server.\n';
    const options = await optionsOf(
      createServer((request, response) => {
        request.resume();
        response.writeHead(400).end(answer);
      }),
    );
    await expect(s3Vault(options).get(newHandle())).rejects.toMatchObject(expected);
  });

  it('is not taken for one where it only hangs up', async () => {
    const options = await optionsOf(createTcpServer((socket) => socket.destroy()));
    await expect(s3Vault(options).get(newHandle())).rejects.toMatchObject({ code: 'VT8207' });
  });
});

const hasIPv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);

describe.skipIf(!hasIPv6)('an IPv6 address (this machine must have ::1)', () => {
  it('is called for objects and for temporary keys', async () => {
    const hosts: (string | undefined)[] = [];
    const options = await optionsOf(
      createServer((request, response) => {
        request.resume();
        hosts.push(request.headers.host);
        response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      }),
      '::1',
    );
    await expect(s3Vault(options).get(newHandle())).rejects.toMatchObject({ code: 'VT8201' });
    await expect(temporaryAccess(options, { policy, durationMs: 900_000 })).rejects.toMatchObject({
      facts: { s3Code: 'NoSuchKey' },
    });
    expect(new Set(hosts)).toEqual(new Set([new URL(options.endpoint).host]));
  });
});
