import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { newHandle } from '../handle.js';
import { temporaryAccess } from './temporaryAccess.js';
import { memberPolicy } from './policy.js';
import type { S3Options } from './options.js';
import { type S3Vault, s3Vault } from './s3Vault.js';

// Servers that mean harm: each test ends, or the attack works.

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function optionsOf(answer: Answer): Promise<S3Options> {
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`,
    bucket: 'market',
    credentials: { kind: 'static', accessKey: 'access', secretKey: 'secret-of-nobody' },
    timing: { firstMs: 1, longestMs: 20, retryForMs: 1_000, silenceMs: 1_000, minBytesPerSecond: 100_000 },
  };
}
const vaultOf = async (answer: Answer): Promise<S3Vault> => s3Vault(await optionsOf(answer));

/** Sends text a byte at a time, always soon enough for the connection to count as alive. */
function drip(response: ServerResponse | IncomingMessage['socket'], text = ''): void {
  let at = 0;
  const timer = setInterval(() => response.write(text[at++] ?? ' '), 20);
  response.on('close', () => {
    clearInterval(timer);
  });
}

const uses = {
  get: (vault: S3Vault) => vault.get(newHandle()),
  has: (vault: S3Vault) => vault.has(newHandle()),
  put: (vault: S3Vault) => vault.put(Buffer.from('content')),
  'put at a handle': (vault: S3Vault) => vault.put(Buffer.from('content'), { handle: newHandle() }),
  'put of parts': (vault: S3Vault) => vault.put(Buffer.alloc(9_000_000)),
  delete: (vault: S3Vault) => vault.delete(newHandle()),
  list: (vault: S3Vault) => vault.list('')[Symbol.asyncIterator]().next(),
} satisfies Record<string, (vault: S3Vault) => Promise<unknown>>;

const drips = {
  'a head': ({ socket }) => {
    drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\nx-more: ');
  },
  'an error': (_request, response) => {
    response.writeHead(503);
    drip(response, '<Error><Code>SlowDown</Code>');
  },
  'an answer': ({ method }, response) => {
    response.writeHead(method === 'DELETE' ? 204 : 200, method === 'GET' ? { 'content-length': 70_000 } : {});
    drip(response, '<Result>');
  },
} satisfies Record<string, Answer>;

describe.each(Object.keys(drips) as (keyof typeof drips)[])('attack 60: a server that drips %s', (what) => {
  it.each(Object.keys(uses) as (keyof typeof uses)[])('is as good as none: %s', async (use) => {
    // An answer that has no body is whole once its head is there.
    if (what === 'an answer' && use === 'delete') return;
    const work = uses[use](await vaultOf(drips[what]));
    await expect(work).rejects.toMatchObject({ code: 'VT8207' });
  });

  it('is as good as none: AssumeRole', async () => {
    const input = { policy: memberPolicy('market', Buffer.alloc(32), 'pt_a'), durationMs: 900_000 };
    const work = temporaryAccess(await optionsOf(drips[what]), input);
    await expect(work).rejects.toMatchObject({ code: 'VT8207' });
  });
});

describe('attack 60: a server that is slow, and then not', () => {
  it('is waited for as long as it keeps the least rate', async () => {
    const size = 200_000;
    const vault = await vaultOf((_request, response) => {
      response.writeHead(200, { 'content-length': size });
      const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 25);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    expect((await vault.get(newHandle())).length).toBe(size);
  });

  it('is not held against a reader that takes its time', async () => {
    const vault = await vaultOf((_request, response) => response.end(Buffer.alloc(200_000)));
    const pieces = vault.stream(newHandle());
    let sizeBytes = 0;
    for await (const piece of pieces) {
      if (sizeBytes === 0) await new Promise((done) => setTimeout(done, 700));
      sizeBytes += piece.length;
    }
    expect(sizeBytes).toBe(200_000);
  });
});

describe('attack 61: answers without end', () => {
  const flood: Answer = (_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(1_000_000, '<a>'))) if (response.destroyed) return;
      response.once('drain', more);
    };
    if (!response.headersSent) response.writeHead(200);
    more();
  };
  it('of a list are refused', async () => {
    await expect(uses.list(await vaultOf(flood))).rejects.toMatchObject({ code: 'VT8225' });
  });

  it('of AssumeRole are refused', async () => {
    const input = { policy: memberPolicy('market', Buffer.alloc(32), 'pt_a'), durationMs: 900_000 };
    await expect(temporaryAccess(await optionsOf(flood), input)).rejects.toMatchObject({ code: 'VT8225' });
  });

  it('of an error are cut', async () => {
    const vault = await vaultOf((request, response) => {
      response.statusCode = 403;
      response.write('<Error><Code>AccessDenied</Code></Error>');
      flood(request, response);
    });
    await expect(uses.list(vault)).rejects.toMatchObject({ code: 'VT8213' });
    await expect(uses.get(vault)).rejects.toMatchObject({ code: 'VT8206' });
  });

  it('to a look at an object are cut', async () => {
    expect(await uses.has(await vaultOf(flood))).toBe(true);
  });

  it.each([
    ['nested', '<a>'.repeat(100_000)],
    ['tags without an end', '<Part>'.repeat(600_000)],
    ['entities', `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}">]><a>${'&b;'.repeat(100_000)}</a>`],
  ])('XML of %s is refused', async (_what, xml) => {
    const vault = await vaultOf((_request, response) => response.end(xml));
    await expect(uses.list(vault)).rejects.toMatchObject({ code: 'VT8225' });
  });

  it.each(['<', '<a', '&', '<!', '<a b="'])('XML of nothing but %s ends', async (text) => {
    const vault = await vaultOf((_request, response) => response.end(text.repeat(500_000)));
    await uses.list(vault).catch((error: unknown) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^VT82/) as string });
    });
  });

  const page = (token: string, keys = ''): string =>
    `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>${keys}</ListBucketResult>`;
  async function listAll(vault: S3Vault): Promise<number> {
    let listed = 0;
    for await (const _object of vault.list('')) listed += 1;
    return listed;
  }

  it('a page that repeats an earlier token is refused', async () => {
    let turn = 0;
    const vault = await vaultOf((_request, response) => response.end(page(['a', 'b', 'c'][turn++ % 3]!)));
    await expect(listAll(vault)).rejects.toMatchObject({ code: 'VT8225' });
    expect(turn).toBe(4);
  });

  it('pages that never end do', async () => {
    let turn = 0;
    const vault = await vaultOf((_request, response) => response.end(page((turn++).toString())));
    await expect(listAll(vault)).rejects.toMatchObject({ code: 'VT8225' });
  });

  it('a page of more than was asked for is refused', async () => {
    const one = `<Contents><Key>ab/${'ab'.padEnd(64, '0')}</Key><Size>1</Size></Contents>`;
    const vault = await vaultOf((_request, response) => response.end(page('a', one.repeat(1001))));
    await expect(listAll(vault)).rejects.toMatchObject({ code: 'VT8225' });
  });

  it.each([
    ['none', '', 100],
    ['thousands', '<Part><PartNumber>1</PartNumber></Part>'.repeat(6000), 2],
  ])('pages of parts, %s in each, that never end do', async (_many, parts, pages) => {
    let turn = 0;
    const vault = await vaultOf(({ method, url = '' }, response) => {
      if (url.includes('uploads')) {
        response.end(
          method === 'POST'
            ? '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>'
            : `<ListMultipartUploadsResult><Upload><Key>${url.split('prefix=')[1]!.split('&')[0]!.replace('%2F', '/')}</Key><UploadId>u</UploadId><Initiated>2026-01-01T00:00:00Z</Initiated></Upload></ListMultipartUploadsResult>`,
        );
      } else if (method === 'GET' && url.includes('uploadId=')) {
        turn += 1;
        response.end(
          `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>${turn.toString()}</NextPartNumberMarker>${parts}</ListPartsResult>`,
        );
      } else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    });
    const work = vault.put(Buffer.alloc(9_000_000), { handle: newHandle() });
    await expect(work).rejects.toMatchObject({ code: 'VT8225' });
    expect(turn).toBe(pages);
  });

  it.each([2 ** 31 + 1, 2 ** 53 - 1])(
    'an object that says it has %i bytes is not read whole',
    async (size) => {
      const vault = await vaultOf((_request, response) => {
        response.writeHead(200, { 'content-length': size }).write('x');
      });
      await expect(uses.get(vault)).rejects.toMatchObject({ code: 'VT8205' });
    },
  );

  it('more of an object than it is large is not handed out', async () => {
    let turn = 0;
    const vault = await vaultOf(({ headers }, response) => {
      if (turn++ === 0) {
        response.writeHead(200, { 'content-length': 1000 }).write(Buffer.alloc(10));
        setTimeout(() => response.destroy(), 20);
      } else {
        const from = /bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? '';
        response.writeHead(206, { 'content-range': `bytes ${from}-999/1000` }).end(Buffer.alloc(100_000));
      }
    });
    await expect(uses.get(vault)).rejects.toMatchObject({ code: 'VT8202' });
  });
});
