import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { vaultUse } from '@veritrain/agents';
import { connectMarket, digestOf, everyMember, newHandle, sealGrant } from '@veritrain/client-sdk';
import { keyOf, s3Vault } from '@veritrain/client-sdk/s3';
import type { StoryMember } from '../support/storyMarket.js';
import { codeOf } from './support/codeOf.js';
import { startFaultyProxy } from './support/faultyProxy.js';
import { bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket } from './support/placedMarket.js';

// Who sees what, tried by each member with its own credentials, and by strangers.

describeMinio('a place in the vault', () => {
  let market: PlacedMarket;
  let hospital: StoryMember;
  let lab: StoryMember;
  let host: StoryMember;
  let other: StoryMember;
  const content = Buffer.from('442 patients');
  const digest = digestOf(content);

  beforeAll(async () => {
    market = await PlacedMarket.open();
    const { stage } = market;
    const joined = [
      ...(await stage.join('dataOwner', 'hospital')),
      ...(await stage.join('modelOwner', 'lab')),
      ...(await stage.join('cloudOwner', 'host', 'other')),
    ];
    [hospital, lab, host, other] = (await market.place(...joined)) as [
      StoryMember,
      StoryMember,
      StoryMember,
      StoryMember,
    ];
  }, minioWithinMs);
  afterAll(() => market.close());

  /** Puts something for somebody. @returns its handle */
  async function send(from: StoryMember, to: string, sealed?: boolean): Promise<string> {
    const { vault, handles } = from.member.market;
    const handle = handles.own(newHandle(), { to });
    await vault.put(content, { handle, sealed });
    return handle;
  }

  it('is read by whom an object is for, and by nobody else, handle or not', async () => {
    const handle = await send(hospital, host.participantId);
    expect(await host.member.market.vault.get(handle, { digest })).toEqual(content);
    for (const member of [other, lab]) {
      expect(await codeOf(member.member.market.vault.get(handle))).toBe('VT8206');
      expect(await member.member.market.vault.has(handle)).toBe(false);
    }
    expect(await hospital.member.market.vault.get(handle, { digest })).toEqual(content);
  });

  it('shows every member what is for all of them', async () => {
    const handle = await send(lab, everyMember);
    for (const member of [hospital, host, other])
      expect(await member.member.market.vault.get(handle, { digest })).toEqual(content);
  });

  it('is written, overwritten and emptied by its owner alone', async () => {
    const handle = await send(host, lab.participantId);
    for (const member of [other, lab]) {
      const theirs = market.bucketOf(member);
      expect(await codeOf(theirs.delete(handle))).toBe('VT8213');
      const beside = `${handle.slice(0, 48)}${newHandle()}`;
      expect(await codeOf(theirs.put(Buffer.from('forged'), { handle: beside }))).toBe('VT8213');
    }
    expect(await lab.member.market.vault.get(handle, { digest })).toEqual(content);
    await host.member.market.vault.delete(handle);
    expect(await lab.member.market.vault.has(handle)).toBe(false);
  });

  it('shows its owner its own names, and nobody others’', async () => {
    const handle = await send(host, lab.participantId);
    const names: string[] = [];
    for await (const object of host.member.market.ownObjects!()) names.push(object.handle);
    expect(names).toContain(handle);
    const place = handle.slice(0, 24);
    const listing = async (member: StoryMember, prefix: string): Promise<string> => {
      const all = market.bucketOf(member).list(prefix)[Symbol.asyncIterator]();
      return codeOf(all.next());
    };
    for (const prefix of ['', `${place}/`, place, 'brief/', `brief/${place}/`])
      expect(await listing(other, prefix), prefix).toBe('VT8213');
    expect(await listing(host, `${place}/`)).toBe('done');
  });

  it('is closed to strangers: no keys, wrong keys, keys of nobody', async () => {
    const handle = await send(hospital, everyMember);
    const url = `${market.minio.endpoint}/${bucket}/${keyOf(handle)}`;
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(`${market.minio.endpoint}/${bucket}?list-type=2`)).status).toBe(403);
    const credentials = { kind: 'static', accessKey: 'nobody', secretKey: 'knows nothing' } as const;
    const stranger = s3Vault({ ...market.minio.s3, credentials });
    expect(await codeOf(stranger.get(handle))).toBe('VT8208');
    expect(await codeOf(stranger.put(content))).toBe('VT8208');
  });

  it('attack 21: has names that say neither whose an object is nor what, and content that says nothing', async () => {
    await send(hospital, host.participantId);
    const known = [hospital, lab, host, other].flatMap(({ name, participantId }) => [name, participantId]);
    const client = market.minio.client;
    for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>) {
      expect(name).toMatch(/^(brief\/)?[0-9a-f]{24}\/[0-9a-f]{24}\/[0-9a-f]{64}$/);
      for (const word of known) expect(name).not.toContain(word);
      const pieces: Buffer[] = [];
      for await (const piece of await client.getObject(bucket, name)) pieces.push(piece as Buffer);
      expect(Buffer.concat(pieces).includes('patients')).toBe(false);
    }
  });

  it('is granted to its participant alone, and again when the credentials run out', async () => {
    const grants = await market.grant();
    const { file } = grants.find(({ participantId }) => participantId === host.participantId)!;
    const grant = readFileSync(file, 'utf8');
    expect(await codeOf(vaultUse(other.member, grant, {}))).toBe('VT8401');
    const handle = await send(hospital, host.participantId);
    await vaultUse(host.member, grant, {});
    // The connection that was open before reads the new credentials by itself.
    expect(await host.member.market.vault.get(handle, { digest })).toEqual(content);
    const again = await connectMarket({ profile: host.profile });
    expect(await again.vault.get(handle, { digest })).toEqual(content);
    again.close();
  });

  it('is left for another vault only by who agrees: anybody can seal a grant to a member', async () => {
    const { encryptionKey } = host.member.market.keyring;
    const forged = await sealGrant(lab.member.market.keyring, encryptionKey, {
      schemaVersion: 1,
      participantId: host.participantId,
      endpoint: market.minio.endpoint,
      bucket: 'elsewhere',
      marketKey: randomBytes(32).toString('hex'),
      credentials: { accessKey: 'theirs', secretKey: 'theirs' },
      expiresAt: null,
    });
    const profile = readFileSync(join(host.profile, 'profile.json'), 'utf8');
    const key = readFileSync(join(host.profile, 'vault.key'), 'utf8');
    expect(await codeOf(vaultUse(host.member, forged, {}))).toBe('VT9006');
    expect(readFileSync(join(host.profile, 'profile.json'), 'utf8')).toBe(profile);
    expect(readFileSync(join(host.profile, 'vault.key'), 'utf8')).toBe(key);
  });

  it('takes the rest of an upload that was broken off, though its member may not list uploads', async () => {
    const proxy = await startFaultyProxy(market.minio.port);
    const { profile, handles } = host.member.market;
    if (profile.vault.kind !== 's3') throw new Error('this member has no place');
    const uploadNotes = join(market.stage.market.folder, 'uploads');
    const through = s3Vault({ ...profile.vault, endpoint: proxy.endpoint, uploadNotes });
    const handle = handles.own(newHandle(), { to: lab.participantId });
    const large = randomBytes(40 * 1024 * 1024);
    const partsSent = (): number => proxy.requests.filter(({ url }) => url.includes('partNumber=')).length;
    const broken = new AbortController();
    const onProgress = ({ sentBytes }: { sentBytes: number }): void => {
      if (sentBytes >= 16 * 1024 * 1024) broken.abort();
    };
    expect(await codeOf(through.put(large, { handle, onProgress, signal: broken.signal }))).toBe('VT8005');
    const before = partsSent();
    const stored = await through.put(large, { handle });
    expect(partsSent() - before).toBeLessThanOrEqual(3);
    expect(large.equals(await market.bucketOf(lab).get(handle, { digest: stored.digest }))).toBe(true);
    await proxy.close();
  });

  it('lends an object to somebody without an account, for a time', async () => {
    const handle = await send(hospital, host.participantId, true);
    const url = await market.bucketOf(hospital).presignGet(handle, { expiresInMs: 1000 });
    const lent = await fetch(url);
    expect(Buffer.from(await lent.arrayBuffer())).toEqual(content);
    const isOver = async (): Promise<boolean> => (await fetch(url)).status === 403;
    await expect.poll(isOver, { timeout: 10_000 }).toBe(true);
  });
});
