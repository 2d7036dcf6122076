import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checksFound, type FoundCheck } from '../../fabric/support/doctor.js';
import type { StoryMember } from '../../support/storyMarket.js';
import { bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket } from './support/placedMarket.js';

describeMinio('doctor on a vault in MinIO', () => {
  let market: PlacedMarket;
  let host: StoryMember;

  beforeAll(async () => {
    market = await PlacedMarket.open();
    const joined = await market.stage.join('cloudOwner', 'host');
    [host] = (await market.place(...joined)) as [StoryMember];
  }, minioWithinMs);
  afterAll(() => market?.close());

  const examined = async (...names: string[]): Promise<FoundCheck[]> =>
    (await checksFound(market.stage.market.folder, host.profile)).filter(({ name }) => names.includes(name));

  /** Changes a file of the profile, looks, and puts it back. */
  async function withFile(file: string, change: (text: string) => string | undefined): Promise<FoundCheck[]> {
    const path = join(host.profile, file);
    const text = readFileSync(path, 'utf8');
    const changed = change(text);
    if (changed === undefined) rmSync(path);
    else writeFileSync(path, changed);
    try {
      return await examined('vault', 'vault credentials', 'vault policy', 'vault bucket');
    } finally {
      writeFileSync(path, text, { mode: 0o600 });
    }
  }

  it('finds nothing wrong with a place that was granted', async () => {
    expect(
      await examined('vault', 'vault credentials', 'vault policy', 'vault account', 'vault bucket'),
    ).toEqual([
      { name: 'vault', state: 'passed', found: expect.stringContaining(`in the bucket ${bucket} at http`) },
      { name: 'vault credentials', state: 'passed', found: 'granted for another 23 hours' },
      { name: 'vault policy', state: 'passed', found: 'the server refuses to list other members’ names' },
      { name: 'vault account', state: 'passed', found: 'this member’s own account' },
      {
        name: 'vault bucket',
        state: 'passed',
        found: 'keeps no versions; objects of rounds expire after 30 days',
      },
    ]);
  });

  it('names the fix where the bucket keeps versions, or lets nothing expire', async () => {
    const { client } = market.minio;
    await client.setBucketVersioning(bucket, { Status: 'Enabled' });
    const [versioned] = await examined('vault bucket');
    expect(versioned).toMatchObject({ state: 'failed', fix: expect.stringContaining('versioning') });
    const older = { NoncurrentVersionExpiration: { NoncurrentDays: 3 } };
    const own = { ID: 'the-operator', Status: 'Enabled', Filter: { Prefix: '' }, ...older };
    await client.setBucketLifecycle(bucket, { Rule: [own] });
    await market.grant();
    expect(await examined('vault bucket')).toMatchObject([{ state: 'passed' }]);
    const { Rule } = (await client.getBucketLifecycle(bucket))!;
    expect(Rule.map(({ ID }) => ID).sort()).toEqual(['the-operator', 'veritrain-brief']);
    await client.setBucketVersioning(bucket, { Status: 'Suspended' });
    await client.removeBucketLifecycle(bucket);
    const [kept] = await examined('vault bucket');
    expect(kept).toMatchObject({ state: 'failed', fix: expect.stringContaining('veritrain vault init') });
    await market.grant();
  });

  it('says who refuses what: wrong keys, a bucket that is not there, a key that cannot be read', async () => {
    const [refused, , policy] = await withFile('vault-credentials.json', (text) =>
      JSON.stringify({ ...(JSON.parse(text) as object), secretKey: 'wrong' }),
    );
    expect(refused).toMatchObject({ state: 'failed', found: expect.stringContaining('VT8208') });
    expect(policy).toMatchObject({ state: 'skipped' });
    const [gone] = await withFile('profile.json', (text) =>
      text.replace(`"bucket": "${bucket}"`, '"bucket": "nowhere"'),
    );
    expect(gone).toMatchObject({ state: 'failed', found: expect.stringMatching(/VT82(09|06|13)/) });
    const [unread, ...rest] = await withFile('vault.key', () => undefined);
    expect(unread).toMatchObject({ state: 'failed', found: expect.stringContaining('VT8002') });
    expect(rest).toEqual([]);
    const [malformed] = await withFile('vault.key', () => 'no key');
    expect(malformed).toMatchObject({ state: 'failed', found: expect.stringContaining('VT8222') });
  });

  it('says that a grant has ended, and where to get another', async () => {
    const [, ended] = await withFile('vault-grant.json', () =>
      JSON.stringify({ schemaVersion: 1, expiresAt: 1 }),
    );
    expect(ended).toMatchObject({
      state: 'failed',
      found: 'the grant ended on 1970-01-01T00:00',
      fix: expect.stringContaining('veritrain vault use'),
    });
  });

  it('calls credentials that open everything what they are', async () => {
    const { credentials } = market.minio.s3;
    if (credentials.kind !== 'static') throw new Error('MinIO’s root has keys');
    const { accessKey, secretKey } = credentials;
    const [, , policy] = await withFile('vault-credentials.json', () =>
      JSON.stringify({ accessKey, secretKey }),
    );
    expect(policy).toMatchObject({
      state: 'failed',
      found: 'these credentials list the names of all members',
    });
  });

  it('attack 59: says that credentials are of an account that members share', async () => {
    const path = join(host.profile, 'vault-grant.json');
    const note = readFileSync(path, 'utf8');
    const { account: _, ...shared } = JSON.parse(note) as { account: string };
    writeFileSync(path, JSON.stringify(shared));
    expect(await examined('vault account')).toMatchObject([
      { state: 'failed', found: expect.stringContaining('any member can end all of them') },
    ]);
    writeFileSync(path, note, { mode: 0o600 });
  });

  it('finds a server that is down', async () => {
    await market.minio.kill();
    const [down] = await examined('vault');
    expect(down).toMatchObject({ state: 'failed', found: expect.stringContaining('VT8207') });
    await market.minio.restart();
  }, 120_000);
});
