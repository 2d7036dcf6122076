import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGrant } from '@veritrain/client-sdk/vault';
import { adminAccount, s3Vault, setAccount, temporaryAccess, type S3Options } from '@veritrain/client-sdk/s3';
import type { StoryMember } from '../../support/storyMarket.js';
import { adminCall } from './support/adminCall.js';
import { codeOf } from './support/codeOf.js';
import { startFaultyProxy } from './support/faultyProxy.js';
import { bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket } from './support/placedMarket.js';

// What a member can do to the others at MinIO's own interface, with nothing but its credentials.

describeMinio('attack 59: a member at the admin interface of the vault’s server', () => {
  let market: PlacedMarket;
  let host: StoryMember;
  let victim: StoryMember;
  beforeAll(async () => {
    market = await PlacedMarket.open();
    const joined = await market.stage.join('cloudOwner', 'host', 'victim');
    [host, victim] = (await market.place(...joined)) as [StoryMember, StoryMember];
  }, minioWithinMs);
  afterAll(() => market?.close());

  /** The member's way in, with the keys that its grant gave it. */
  function keysOf({
    profile,
  }: StoryMember): S3Options & { credentials: { kind: 'static'; accessKey: string } } {
    const keys = JSON.parse(readFileSync(join(profile, 'vault-credentials.json'), 'utf8')) as {
      accessKey: string;
      secretKey: string;
    };
    return { ...market.minio.s3, credentials: { kind: 'static', ...keys } };
  }
  const rootKey = (): string => {
    const { credentials } = market.minio.s3;
    if (credentials.kind !== 'static') throw new Error('MinIO’s root has keys');
    return credentials.accessKey;
  };
  const works = ({ member }: StoryMember): Promise<string> =>
    codeOf(
      member.market.vault.put(Buffer.from('x'), {
        handle: member.market.handles.own('0'.repeat(64), { to: victim.participantId }),
      }),
    );

  it('works where all share one account: one call ends everybody’s credentials', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'All', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::*'] }],
    } as const;
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const { expiresAt: _, ...keys } = await temporaryAccess(market.minio.s3, {
          policy,
          durationMs: 900_000,
        });
        return { ...market.minio.s3, credentials: { kind: 'static' as const, ...keys } };
      }),
    );
    expect(await codeOf(s3Vault(other!).get('a'.repeat(64)))).toBe('VT8201');
    expect(await adminCall(one!, 'POST', 'revoke-tokens/builtin?fullRevoke=true')).toBe(204);
    await expect.poll(() => codeOf(s3Vault(other!).get('a'.repeat(64)))).toBe('VT8208');
  });

  it('has an account of its own, which is not the operator’s', async () => {
    const accounts = await Promise.all([host, victim].map((each) => adminAccount(keysOf(each))));
    expect(new Set([...accounts, rootKey(), undefined]).size).toBe(4);
  });

  it('is not opened to by an operator that may not make accounts', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'All', Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] }],
    } as const;
    const secretKey = await setAccount(market.minio.s3, 'limited', policy);
    const credentials = { kind: 'static', accessKey: 'limited', secretKey } as const;
    expect(await codeOf(market.grant({ ...market.minio.s3, credentials }))).toBe('VT9265');
  });

  it('gets nothing done there but ending its own credentials', async () => {
    const own = keysOf(host);
    const theirs = (await adminAccount(keysOf(victim)))!;
    const refused: [method: string, call: string][] = [
      ['POST', `revoke-tokens/builtin?user=${rootKey()}&fullRevoke=true`],
      ['POST', `revoke-tokens/builtin?user=${theirs}&fullRevoke=true`],
      ['DELETE', `delete-service-account?accessKey=${keysOf(victim).credentials.accessKey}`],
      ['DELETE', `remove-user?accessKey=${theirs}`],
      ['PUT', `set-user-status?accessKey=${theirs}&status=disabled`],
      ['PUT', `set-user-or-group-policy?isGroup=false&policyName=consoleAdmin&userOrGroup=${theirs}`],
      ['PUT', 'add-canned-policy?name=mine'],
      ['PUT', 'add-service-account'],
      ['PUT', `add-user?accessKey=${theirs}`],
      ['GET', 'list-users'],
      ['GET', 'info'],
    ];
    for (const [method, call] of refused)
      expect(await adminCall(own, method, call, method === 'GET' ? '' : '{}'), call).not.toBeLessThan(400);
    expect(await works(victim)).toBe('done');
    expect(await works(host)).toBe('done');
    expect(await adminCall(own, 'POST', 'revoke-tokens/builtin?fullRevoke=true')).toBe(204);
    await expect.poll(() => works(host)).toBe('VT8208');
    expect(await works(victim)).toBe('done');
    expect(await adminAccount(market.minio.s3)).toBe(rootKey());
  });

  it('finds no such interface behind a proxy that refuses it, and places are given there, too', async () => {
    const proxy = await startFaultyProxy(market.minio.port);
    proxy.plan = ({ url }) => (url.startsWith('/minio/') ? 'unknown' : undefined);
    const behind = { ...market.minio.s3, endpoint: proxy.endpoint };
    expect(await adminAccount(behind)).toBeUndefined();
    const [grant] = await market.grant(behind);
    const member = [host, victim].find(({ participantId }) => participantId === grant!.participantId)!;
    const { keyring, place } = member.member.market;
    const opened = await openGrant(keyring, place, readFileSync(grant!.file, 'utf8'));
    expect(opened.grant.account).toBeUndefined();
    const credentials = { kind: 'static', ...opened.grant.credentials } as const;
    const call = 'revoke-tokens/builtin?fullRevoke=true';
    expect(await adminCall({ endpoint: proxy.endpoint, credentials }, 'POST', call)).toBe(501);
    expect(await codeOf(s3Vault({ ...behind, bucket, credentials }).get('a'.repeat(64)))).toBe('VT8206');
    await proxy.close();
  });
});
