import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { install } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** An archive like the projects': programs in bin/, and other files. */
async function archiveOf(programs: string[]): Promise<Buffer> {
  const content = mkdtempSync(join(folder, 'content-'));
  mkdirSync(join(content, 'bin'));
  mkdirSync(join(content, 'config'));
  writeFileSync(join(content, 'config', 'core.yaml'), 'peer: {}\n');
  for (const name of programs)
    writeFileSync(join(content, 'bin', name), `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
  const file = join(folder, 'archive.tar.gz');
  // A user id of the machine that built it, and a mode that would run programs as their owner.
  const onWriteEntry = ({ stat }: { stat?: { uid: number; gid: number; mode: number } }): void => {
    if (stat !== undefined) Object.assign(stat, { uid: 12_345, gid: 12_345, mode: stat.mode | 0o6000 });
  };
  await create({ file, cwd: content, gzip: true, onWriteEntry }, ['bin', 'config']);
  return readFileSync(file);
}

describe('installing Fabric’s programs', () => {
  let server: Server;
  let from: string;
  let fabric: Buffer;
  let authority: Buffer;
  const asked: string[] = [];
  let answer: (path: string) => { status: number; body: Buffer; cutAt?: number; location?: string };

  beforeAll(async () => {
    fabric = await archiveOf(['peer', 'orderer']);
    authority = await archiveOf(['fabric-ca-server']);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body, cutAt, location } = answer(request.url ?? '');
      const elsewhere = location === undefined ? {} : { location };
      response.writeHead(status, { 'content-length': body.length, ...elsewhere });
      if (cutAt === undefined) response.end(body);
      else response.write(body.subarray(0, cutAt), () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    from = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => server?.close());

  const digestsOfBoth = (): { fabric: string; authority: string } => ({
    fabric: sha256(fabric),
    authority: sha256(authority),
  });
  const honest = (path: string): { status: number; body: Buffer } => ({
    status: 200,
    body: path.includes('fabric-ca') ? authority : fabric,
  });
  const place = join(folder, 'bin');
  afterEach(() => {
    asked.length = 0;
    rmSync(place, { recursive: true, force: true });
    // The temporary files are deleted, too.
    expect(readdirSync(folder).filter((name) => name.startsWith('install-'))).toEqual([]);
  });

  it('takes the programs of both archives, of the asked version, and nothing else', async () => {
    answer = honest;
    const told: number[] = [];
    const installed = await install({
      version: '2.5.16',
      baseAddress: `${from}/`,
      folder: place,
      sha256: digestsOfBoth(),
      onProgress: ({ receivedBytes }) => told.push(receivedBytes),
    });
    expect(installed).toEqual({
      folder: place,
      programs: ['fabric-ca-server', 'orderer', 'peer'],
      digests: expect.anything() as unknown,
    });
    expect(Object.values(installed.digests)).toEqual([sha256(fabric), sha256(authority)]);
    expect(readdirSync(place).sort()).toEqual(['fabric-ca-server', 'orderer', 'peer']);
    expect(asked).toEqual([
      expect.stringMatching(
        /^\/hyperledger\/fabric\/releases\/download\/v2\.5\.16\/hyperledger-fabric-\w+-\w+-2\.5\.16\.tar\.gz$/,
      ),
      expect.stringMatching(
        /^\/hyperledger\/fabric-ca\/releases\/download\/v1\.5\.21\/hyperledger-fabric-ca-\w+-\w+-1\.5\.21\.tar\.gz$/,
      ),
    ]);
    expect(told.at(-1)).toBe(authority.length);
    const { uid, gid } =
      process.geteuid === undefined ? statSync(folder) : { uid: process.geteuid(), gid: process.getegid?.() };
    for (const program of installed.programs)
      expect(statSync(join(place, program))).toMatchObject({ uid, gid, mode: 0o100755 });
  });

  it('needs the digest of both archives, or is told to do without', async () => {
    answer = honest;
    const of = { version: '3.1.5', baseAddress: from, folder: place } as const;
    for (const digests of [{}, { fabric: sha256(fabric) }, { authority: sha256(authority) }])
      await expect(install({ ...of, sha256: digests })).rejects.toMatchObject({ code: 'VT9524' });
    expect(asked).toEqual([]);
    expect(existsSync(place)).toBe(false);
  });

  it('takes nothing over plain http that has no digest, whatever it is told', async () => {
    answer = honest;
    const attempt = install({ version: '3.1.5', baseAddress: from, folder: place, unverified: true });
    await expect(attempt).rejects.toMatchObject({ code: 'VT9525' });
    expect(asked).toEqual([]);
  });

  it('goes where the server sends it', async () => {
    answer = (path) =>
      path.startsWith('/mirror')
        ? honest(path)
        : { status: 302, body: Buffer.of(), location: `/mirror${path}` };
    const { programs } = await install({
      version: '3.1.5',
      baseAddress: from,
      folder: place,
      sha256: digestsOfBoth(),
    });
    expect(programs).toEqual(['fabric-ca-server', 'orderer', 'peer']);
  });

  it('takes nothing without a digest that plain http may have touched on its way', async () => {
    const fetched = vi.fn<typeof fetch>(() =>
      Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://example.com/' } })),
    );
    vi.stubGlobal('fetch', fetched);
    const attempt = install({
      version: '3.1.5',
      baseAddress: 'https://example.com',
      folder: place,
      unverified: true,
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'VT9525',
      facts: { address: 'http://example.com/' },
    });
    expect(fetched).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  const failures: [what: string, code: string, said: RegExp, of: typeof answer][] = [
    ['an unknown version', 'VT9515', /the server answered 404/, () => ({ status: 404, body: Buffer.of() })],
    [
      'a server that sends it on for ever',
      'VT9515',
      /redirected more than 10 times/,
      () => ({ status: 302, body: Buffer.of(), location: '/on' }),
    ],
    ['half an archive', 'VT9515', /could not be downloaded/, (path) => ({ ...honest(path), cutAt: 100 })],
    [
      'something else',
      'VT9517',
      /contains no programs|is not an archive/,
      () => ({ status: 200, body: Buffer.from('<html>') }),
    ],
    ['another archive', 'VT9517', /contains no programs/, () => ({ status: 200, body: empty })],
  ];
  let empty: Buffer;
  beforeAll(async () => {
    empty = await archiveOf([]);
  });

  it.each(failures)('refuses %s, and leaves nothing behind', async (_what, code, said, of) => {
    answer = of;
    const digests = { fabric: sha256(of('/fabric').body), authority: sha256(of('/fabric-ca').body) };
    const attempt = install({ version: '3.1.5', baseAddress: from, folder: place, sha256: digests });
    await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(said) as unknown });
    expect(existsSync(place)).toBe(false);
  });

  it('refuses an archive with another digest than was said', async () => {
    answer = honest;
    const attempt = install({
      version: '3.1.5',
      baseAddress: from,
      folder: place,
      sha256: { fabric: sha256(fabric), authority: '0'.repeat(64) },
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'VT9516',
      facts: { wanted: '0'.repeat(64), sha256: sha256(authority) },
    });
    expect(existsSync(place)).toBe(false);
  });

  it('says why a server cannot be reached', async () => {
    const attempt = install({
      version: '3.1.5',
      baseAddress: 'http://127.0.0.1:1',
      folder: place,
      sha256: digestsOfBoth(),
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'VT9515',
      message: expect.stringMatching(/ECONNREFUSED|bad port/) as unknown,
    });
  });

  it('stops when it is told to', async () => {
    answer = honest;
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const of = { version: '3.1.5', baseAddress: from, folder: place } as const;
    const attempt = install({ ...of, sha256: digestsOfBoth(), signal: stop.signal });
    await expect(attempt).rejects.toThrow('enough');
  });
});
