import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findMinio, startMinio } from '@veritrain/local';
import { digestOf, newHandle } from '@veritrain/client-sdk/vault';
import { s3Vault } from '@veritrain/client-sdk/s3';
import { startFaultyProxy } from './support/faultyProxy.js';
import { TestMinio, describeMinio } from './support/minio.js';

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

/** A program of a few lines, and what it is given. */
function run(code: string, given: object): { child: ChildProcess; line: () => Promise<string> } {
  const argument = JSON.stringify(given);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => (await lines.next()).value as string };
}

describeMinio('processes around an S3', () => {
  const program = findMinio()!;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-processes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('MinIO ends when it is asked to, and says how', async () => {
    const minio = await startMinio({ program, data: join(folder, 'asked') });
    expect(isRunning(minio.processId)).toBe(true);
    await minio.stop();
    expect(isRunning(minio.processId)).toBe(false);
    const again = await startMinio({ program, data: join(folder, 'asked'), port: minio.port });
    expect(again.credentials).not.toEqual(minio.credentials);
    await again.kill();
    expect(await again.ended).toBe('SIGKILL');
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'MinIO ends with who started it, when that one gets %s',
    async (signal) => {
      const { child, line } = run(
        `import { startMinio } from ${JSON.stringify(import.meta.resolve('@veritrain/local'))};
       const minio = await startMinio(JSON.parse(process.argv[1]));
       console.log(minio.processId);`,
        { program, data: join(folder, signal) },
      );
      const processId = Number(await line());
      expect(isRunning(processId)).toBe(true);
      child.kill(signal);
      await once(child, 'exit');
      await vi.waitFor(() => expect(isRunning(processId)).toBe(false), 10_000);
    },
  );

  it('says MinIO’s last words where it does not start', async () => {
    const data = join(folder, 'a-file');
    writeFileSync(data, 'no folder');
    await expect(startMinio({ program, data })).rejects.toThrow(/MinIO did not start|ENOTDIR|EEXIST/);
    await expect(startMinio({ program: join(folder, 'none'), data: join(folder, 'd') })).rejects.toThrow();
  });

  it('an upload whose process is killed goes on in another one', async () => {
    const minio = await TestMinio.start();
    const proxy = await startFaultyProxy(minio.port);
    try {
      const bytes = randomBytes(60 * 1024 * 1024);
      const path = join(folder, 'object');
      writeFileSync(path, bytes);
      const handle = newHandle();
      // All but the first parts fail, so that it cannot be done before it is killed.
      proxy.plan = ({ url }) => (/partNumber=[4-9]/.test(url) ? 'reset' : undefined);
      const { child, line } = run(
        `import { createReadStream } from 'node:fs';
         import { s3Vault } from ${JSON.stringify(import.meta.resolve('@veritrain/client-sdk/s3'))};
         const { options, path, handle } = JSON.parse(process.argv[1]);
         const onProgress = ({ sentBytes }) => console.log(sentBytes);
         await s3Vault(options).put(createReadStream(path), { handle, onProgress });`,
        { options: { ...minio.s3, endpoint: proxy.endpoint }, path, handle },
      );
      await line();
      child.kill('SIGKILL');
      await once(child, 'exit');
      proxy.plan = undefined;
      const vault = s3Vault({ ...minio.s3, endpoint: proxy.endpoint });
      expect(await vault.has(handle)).toBe(false);
      const before = proxy.requests.length;
      const { digest } = await vault.put(createReadStream(path), { handle });
      const sent = proxy.requests.slice(before).filter(({ url }) => url.includes('partNumber='));
      expect(sent.length).toBeLessThan(8);
      expect(digestOf(await vault.get(handle, { digest }))).toBe(digestOf(bytes));
    } finally {
      await proxy.close();
      await minio.stop();
    }
  });
});
