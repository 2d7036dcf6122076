import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { digestOf, filesystemVault, newHandle, type Vault } from '@veritrain/client-sdk/vault';
import { s3Vault } from '@veritrain/client-sdk/s3';
import { TestMinio, describeMinio, minioWithinMs } from './support/minio.js';
import { type SmallDisk, mountSmallDisk } from './support/smallDisk.js';

const megabyte = 1024 * 1024;
const reason = 'no file system can be mounted here: run the tests as root';
const probe = mountSmallDisk(1);
probe?.remove();

/** What both kinds of vault do: an object that finds no room is not there, and the others are still whole. */
async function fillUp(vault: Vault, code: string): Promise<void> {
  const { handle, digest } = await vault.put(randomBytes(10 * megabyte));
  const [small, large] = [newHandle(), newHandle()];
  await expect(vault.put(randomBytes(300 * megabyte), { handle: large })).rejects.toThrow(
    expect.objectContaining({ code }) as Error,
  );
  expect(await vault.has(large)).toBe(false);
  expect(digestOf(await vault.get(handle))).toBe(digest);
  // There is room again once what had arrived of it is cleared away, which a server does in its own time.
  await vi.waitFor(() => vault.put(randomBytes(megabyte), { handle: small }), {
    timeout: 30_000,
    interval: 200,
  });
}

describe.skipIf(probe === undefined)('a full disk', { meta: { reason } }, () => {
  let disk: SmallDisk;
  beforeAll(() => {
    disk = mountSmallDisk(200)!;
  });
  afterAll(() => disk?.remove());

  it('of a folder: says so, and keeps what was whole', async () => {
    await fillUp(filesystemVault(join(disk.path, 'folder')), 'VT8212');
  });
});

describeMinio('an S3 server’s', () => {
  describe.skipIf(probe === undefined)('full disk', { meta: { reason } }, () => {
    let disk: SmallDisk;
    let minio: TestMinio;
    beforeAll(async () => {
      disk = mountSmallDisk(200)!;
      minio = await TestMinio.start({ data: join(disk.path, 'data') });
    }, minioWithinMs);
    afterAll(async () => {
      await minio?.stop();
      disk?.remove();
    });

    it('says so, and keeps what was whole', async () => {
      await fillUp(s3Vault(minio.s3), 'VT8212');
    });
  });
});
