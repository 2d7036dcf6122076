import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memberError } from '@veritrain/member/errors';
import type { Member } from '@veritrain/member/profile';
import { vaultUse } from '@veritrain/member/vault';
import { connectMarket } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import { digestOf, everyMember, newHandle, sealGrant, type VaultGrant } from '@veritrain/client-sdk/vault';
import { keyOf, s3Vault } from '@veritrain/client-sdk/s3';
import type { StoryMember } from '../../support/storyMarket.js';
import { codeOf } from './support/codeOf.js';
import { startFaultyProxy } from './support/faultyProxy.js';
import { bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket, yes } from './support/placedMarket.js';

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
  afterAll(() => market?.close());

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

  /** What the profile holds of its place: all that a grant may change. */
  const held = (of: StoryMember): string[] =>
    ['profile.json', 'vault.key', 'vault-credentials.json', 'vault-grant.json'].map((name) => {
      const path = join(of.profile, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    });

  async function renewalOf({ participantId }: StoryMember): Promise<string> {
    const grants = await market.grant();
    return readFileSync(grants.find((one) => one.participantId === participantId)!.file, 'utf8');
  }

  it('is granted to its participant alone, and again, without a question, when the credentials run out', async () => {
    const sealed = await renewalOf(host);
    expect(await codeOf(vaultUse(other.member, { sealed }, {}))).toBe('VT8401');
    const handle = await send(hospital, host.participantId);
    await vaultUse(host.member, { sealed }, {});
    // The connection that was open before reads the new credentials by itself.
    expect(await host.member.market.vault.get(handle, { digest })).toEqual(content);
    const again = await connectMarket({ profile: host.profile });
    expect(await again.vault.get(handle, { digest })).toEqual(content);
    again.close();
  });

  /** A grant for the host as it holds one, but for some fields. */
  const grantWith = (changes: Partial<VaultGrant>): VaultGrant => ({
    schemaVersion: 2,
    participantId: host.participantId,
    endpoint: market.minio.endpoint,
    bucket,
    marketKey: readFileSync(join(host.profile, 'vault.key'), 'utf8').trim(),
    credentials: { accessKey: 'theirs', secretKey: 'theirs' },
    issuedAt: Date.now(),
    expiresAt: null,
    ...changes,
  });
  const sealedBy = (by: Member, grant: VaultGrant): Promise<string> =>
    sealGrant(by.market.keyring, by.market.place, host.member.market.keyring.encryptionKey, grant);

  it('attack 62: takes no grant of another member, whoever agrees to what it changes', async () => {
    const before = held(host);
    for (const changes of [{}, { bucket: 'elsewhere' }, { marketKey: randomBytes(32).toString('hex') }]) {
      const sealed = await sealedBy(lab.member, grantWith(changes));
      expect(await codeOf(vaultUse(host.member, { sealed, agree: yes }, {}))).toBe('VT9262');
    }
    expect(held(host)).toEqual(before);
  });

  it('attack 62: takes no grant whose signature is of another market, or of nobody', async () => {
    const before = held(host);
    const { keyring } = market.operator.market;
    const { encryptionKey } = host.member.market.keyring;
    const elsewhere = { channel: 'other', chaincode: 'veritrain' };
    const ofOther = await sealGrant(keyring, elsewhere, encryptionKey, grantWith({}));
    expect(await codeOf(vaultUse(host.member, { sealed: ofOther, agree: yes }, {}))).toBe('VT8226');
    const opened = JSON.parse(
      Buffer.from(await host.member.market.keyring.open(await renewalOf(host))).toString(),
    ) as { grant: string };
    for (const [changed, code] of [
      [{ ...opened, grant: opened.grant.replace(bucket, 'other-vault') }, 'VT8226'],
      [{ ...opened, signature: 'a'.repeat(86) }, 'VT8226'],
      [{ grant: opened.grant }, 'VT8221'],
    ] as const) {
      const sealed = await lab.member.market.keyring.seal(
        encryptionKey,
        Buffer.from(JSON.stringify(changed)),
      );
      expect(await codeOf(vaultUse(host.member, { sealed, agree: yes }, {}))).toBe(code);
    }
    expect(held(host)).toEqual(before);
  });

  it('attack 62: a grant that is refused for what is in it leaves the good credentials alone', async () => {
    const before = held(host);
    const refused: [changes: Partial<VaultGrant>, code: string][] = [
      [{ participantId: other.participantId }, 'VT9202'],
      [{ expiresAt: Date.now() - 1 }, 'VT9263'],
      [{ issuedAt: 1 }, 'VT9263'],
    ];
    for (const [changes, code] of refused) {
      const sealed = await sealedBy(market.operator, grantWith(changes));
      expect(await codeOf(vaultUse(host.member, { sealed, agree: yes }, {})), code).toBe(code);
    }
    for (const changes of [
      { endpoint: 'http://vault.example.com/path' },
      { bucket: 'No Bucket' },
      { rootCertificatePem: '-----BEGIN CERTIFICATE-----\nx' },
    ])
      await expect(sealedBy(market.operator, grantWith(changes))).rejects.toThrow();
    expect(held(host)).toEqual(before);
  });

  it('attack 62: shows what the operator’s grant changes, and asks', async () => {
    const before = held(host);
    const sealed = await sealedBy(
      market.operator,
      grantWith({
        endpoint: 'http://169.254.169.254',
        bucket: 'elsewhere',
        rootCertificatePem: host.member.market.profile.certificatePem,
        marketKey: randomBytes(32).toString('hex'),
        account: 'another',
      }),
    );
    expect(await codeOf(vaultUse(host.member, { sealed }, {}))).toBe('VT9006');
    let shown: readonly string[] = [];
    const agree = (changes: readonly string[]): Promise<void> => {
      shown = changes;
      return Promise.reject(memberError('VT9006', 'No.'));
    };
    expect(await codeOf(vaultUse(host.member, { sealed, agree }, {}))).toBe('VT9006');
    const words = ['endpoint', 'bucket', 'TLS root', 'account', 'key'];
    expect(shown.map((line) => words.find((word) => line.includes(word)))).toEqual(words);
    expect(held(host)).toEqual(before);
  });

  it('attack 62: a first grant is taken after a yes, and pins who signed it', async () => {
    const { stage } = market;
    const [late] = (await stage.join('cloudOwner', 'late')) as [StoryMember];
    const sealed = await renewalOf(late);
    const { operator } = market;
    const operatorId = participantIdOf(operator.market.keyring);
    expect(await codeOf(vaultUse(late.member, { sealed }, {}))).toBe('VT9006');
    const wrong = participantIdOf(lab.member.market.keyring);
    expect(await codeOf(vaultUse(late.member, { sealed, operatorId: wrong, agree: yes }, {}))).toBe('VT9262');
    let shown = '';
    const agree = (changes: readonly string[]): Promise<void> => {
      shown = changes.join(' ');
      return Promise.resolve();
    };
    await vaultUse(late.member, { sealed, agree }, {});
    expect(shown).toContain(operatorId);
    const profile = JSON.parse(readFileSync(join(late.profile, 'profile.json'), 'utf8')) as object;
    expect(profile).toMatchObject({ vault: { operator: operatorId } });
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
