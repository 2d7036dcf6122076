import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileCheckpoint } from './checkpoint.js';
import { writeFileAtomic } from './files.js';

describe('what lies on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veritrain-storage-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is replaced as a whole, private, and a failed write leaves the old file and nothing else', async () => {
    const path = join(folder, 'a', 'file');
    await writeFileAtomic(path, Buffer.from('old'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const signal = AbortSignal.abort();
    await expect(writeFileAtomic(path, Buffer.from('new'), { signal })).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(join(folder, 'a'))).toEqual(['file']);
  });

  it('keeps checkpoints', async () => {
    const checkpoint = fileCheckpoint(join(folder, 'c.json'));
    expect(await checkpoint.read()).toBeUndefined();
    const position = { blockNumber: 2n ** 60n, transactionId: 'abc' };
    await checkpoint.write(position);
    expect(await fileCheckpoint(join(folder, 'c.json')).read()).toEqual(position);
  });

  it.each(['', '{', '{"blockNumber":"5"}', '{"schemaVersion":1,"blockNumber":"-5"}'])(
    'takes a torn checkpoint (%s) for none: a reader begins again',
    async (text) => {
      const path = join(folder, 'c.json');
      await writeFile(path, text);
      expect(await fileCheckpoint(path).read()).toBeUndefined();
    },
  );
});
