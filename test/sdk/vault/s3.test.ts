import { afterAll, beforeAll } from 'vitest';
import { s3Vault, keyOf } from '@veritrain/client-sdk/s3';
import { TestMinio, bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { type FaultyProxy, drawn, startFaultyProxy } from './support/faultyProxy.js';
import { type OpenedVault, vaultConformance } from './support/vaultConformance.js';
import { readAll } from './support/bytes.js';

describeMinio('an S3', () => {
  let minio: TestMinio;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    minio = await TestMinio.start();
    proxy = await startFaultyProxy(minio.port);
  }, minioWithinMs);
  afterAll(async () => {
    await proxy?.close();
    await minio?.stop();
  });

  const opened = (endpoint: string): OpenedVault => ({
    vault: s3Vault({ ...minio.s3, endpoint }),
    async flipByte(handle, at) {
      const bytes = await readAll(await minio.client.getObject(bucket, keyOf(handle)));
      bytes[at]! ^= 1;
      await minio.client.putObject(bucket, keyOf(handle), bytes);
    },
    close: () => Promise.resolve(),
  });

  vaultConformance('s3Vault', () => Promise.resolve(opened(minio.endpoint)));

  // What may change an answer so that it looks like another whole one is left out here: faults.test.ts has it.
  const survivable = [
    'delay',
    'reset',
    'cutRequest',
    'lostAnswer',
    'cutAnswer',
    'busy',
    'spoiltRequest',
  ] as const;
  vaultConformance('s3Vault behind a faulty proxy', () => {
    proxy.plan = drawn(7, survivable);
    return Promise.resolve(opened(proxy.endpoint));
  });
});
