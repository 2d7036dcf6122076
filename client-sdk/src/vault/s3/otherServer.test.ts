import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import { type AddressInfo, type Server, createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
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
    timing: { firstMs: 1, longestMs: 20, retryForMs: 300, silenceMs: 2_000, minBytesPerSecond: 100_000 },
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

describe('a server with its own ways', () => {
  it('that answers in time is not late to requests that had to wait for a connection', async () => {
    const options = await optionsOf(
      createServer((request, response) => {
        request.resume();
        setTimeout(() => response.end('x'), 200);
      }),
    );
    const vault = s3Vault({ ...options, timing: { ...options.timing, silenceMs: 1_000 } });
    // More at a time than there are connections: the last ones go out after the others' patience is over.
    const all = Array.from({ length: 160 }, () => vault.has(newHandle()));
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]));
  });

  it('that asks for the MD5 of its rules, as some still do, gets it', async () => {
    const bodies: [md5: unknown, body: string][] = [];
    const options = await optionsOf(
      createServer((request, response) => {
        void text(request).then((body) => {
          if (request.method === 'PUT') bodies.push([request.headers['content-md5'], body]);
          response
            .writeHead(request.url?.includes('lifecycle') && request.method === 'GET' ? 404 : 200)
            .end();
        });
      }),
    );
    await prepareBucket(options, { expireBriefDays: 1 });
    expect(bodies).toHaveLength(1);
    for (const [md5, body] of bodies) expect(md5).toBe(createHash('md5').update(body).digest('base64'));
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
