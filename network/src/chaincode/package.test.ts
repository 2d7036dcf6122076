import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChaincodeTls, type ChaincodeTls } from './certificates.js';
import { packService } from './package.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a package for chaincode as a service', () => {
  let tls: ChaincodeTls;
  const chaincode = join(folder, 'chaincode');
  beforeAll(async () => {
    tls = await createChaincodeTls(join(folder, 'tls'));
    mkdirSync(join(chaincode, 'META-INF'), { recursive: true });
    writeFileSync(join(chaincode, 'META-INF', 'index.json'), '{}');
  });
  const pack = (name: string, label = 'mine_1'): ReturnType<typeof packService> =>
    packService({ path: join(folder, name), label, address: 'localhost:9999', tls, chaincode });

  it('has the same id whenever and wherever it is packed, and another for other content', async () => {
    const { packageId } = await pack('one.tgz');
    utimesSync(join(chaincode, 'META-INF', 'index.json'), new Date(0), new Date(0));
    expect((await pack('two.tgz')).packageId).toBe(packageId);
    expect(packageId).toMatch(/^mine_1:[0-9a-f]{64}$/);
    const [label, digest] = (await pack('three.tgz', 'mine_2')).packageId.split(':');
    expect(label).toBe('mine_2');
    expect(digest).not.toBe(packageId.split(':')[1]);
  });

  it('makes its certificates once', async () => {
    expect(await createChaincodeTls(join(folder, 'tls'))).toEqual(tls);
    expect((await pack('four.tgz')).packageId).toBe((await pack('five.tgz')).packageId);
  });
});
