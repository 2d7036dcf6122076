import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelopeSchema, exitStatus } from '@veritrain/cli';
import { openMember } from '@veritrain/member/profile';
import { joinInstances } from '@veritrain/member/instances';
import { freeObjects, vaultContents } from '@veritrain/member/vault';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LyingGateway, withKey } from '../support/lyingGateway.js';
import { diabetes, type StoryMember } from '../support/storyMarket.js';
import { codeOf } from '../sdk/vault/support/codeOf.js';
import { bucket, describeMinio, minioWithinMs } from '../sdk/vault/support/minio.js';
import { PlacedMarket, yes } from '../sdk/vault/support/placedMarket.js';
import { callVeritrain, type Called } from './support/veritrain.js';

// The vault's operator and its members at their terminals.

describeMinio('veritrain vault', () => {
  let market: PlacedMarket;
  let folder: string;
  let hospital: StoryMember;
  let host: StoryMember;
  let outsider: StoryMember;

  beforeAll(async () => {
    market = await PlacedMarket.open();
    [hospital] = (await market.stage.join('dataOwner', 'hospital')) as [StoryMember];
    host = await market.stage.joinWith('cloudOwner', 'host', join(market.stage.market.folder, 'nowhere'));
    outsider = await market.stage.joinWith(
      'cloudOwner',
      'outsider',
      join(market.stage.market.folder, 'none'),
    );
    folder = join(market.stage.market.folder, 'desk');
    mkdirSync(folder);
  }, minioWithinMs);
  afterAll(() => market?.close());

  const call = (profile: string, args: string[], env: Record<string, string> = {}): Promise<Called> =>
    callVeritrain([...args, '--profile', profile], { folder, home: join(folder, 'home'), env });

  async function answer(profile: string, args: string[], env: Record<string, string> = {}) {
    const { status, stdout } = await call(profile, [...args, '--format', 'json'], env);
    const envelope = envelopeSchema.parse(JSON.parse(stdout));
    return { status, data: envelope.data, code: envelope.outcome === 'failed' ? envelope.error.code : '' };
  }

  /** How the server is named, and who asks it. */
  const asOperator = (): Record<string, string> => {
    const { credentials } = market.minio.s3;
    if (credentials.kind !== 'static') throw new Error('MinIO’s root has keys');
    return {
      VERITRAIN_S3_ENDPOINT: market.minio.endpoint,
      VERITRAIN_S3_BUCKET: bucket,
      VERITRAIN_S3_ACCESS_KEY: credentials.accessKey,
      VERITRAIN_S3_SECRET_KEY: credentials.secretKey,
    };
  };
  const operatorProfile = (): string => join(market.stage.market.folder, 'profiles', 'operator');
  const init = ['vault', 'init', '--grants', 'grants'];

  it('init grants everybody a place, and shows no secret', async () => {
    const called = await call(operatorProfile(), init, asOperator());
    expect(called).toMatchObject({ status: exitStatus.done });
    for (const { participantId } of [hospital, host]) {
      expect(called.stdout).toContain(participantId);
      const policy = readFileSync(join(folder, 'grants', `${participantId}.policy.json`), 'utf8');
      expect(policy).not.toContain(participantId);
      expect(statSync(join(folder, 'grants', `${participantId}.grant`)).mode & 0o077).toBe(0);
    }
    const { VERITRAIN_S3_SECRET_KEY: secret = '' } = asOperator();
    const key = readFileSync(join(folder, 'grants', 'market.key'), 'utf8').trim();
    for (const word of [secret, key]) expect(called.stdout + called.stderr).not.toContain(word);
    for (const line of called.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('attack 56: init grants nothing to whom the peer that it asks tells other keys for', async () => {
    const { encryptionKey } = inMemoryKeyring('stranger');
    const lie = withKey(hospital.participantId, encryptionKey);
    const before = readFileSync(join(folder, 'grants', `${hospital.participantId}.grant`), 'utf8');
    for (const whom of [[], ['--participant', hospital.participantId]]) {
      const asked = await LyingGateway.inFrontOf(operatorProfile(), { answer: lie }, () =>
        answer(operatorProfile(), [...init, ...whom], asOperator()),
      );
      expect(asked).toMatchObject({ status: exitStatus.connection, code: 'VT8125' });
    }
    expect(readFileSync(join(folder, 'grants', `${hospital.participantId}.grant`), 'utf8')).toBe(before);
  });

  it('init names what is missing, and who is refused', async () => {
    expect(await answer(operatorProfile(), init)).toMatchObject({
      status: exitStatus.connection,
      code: 'VT8001',
    });
    const wrong = { ...asOperator(), VERITRAIN_S3_SECRET_KEY: 'wrong' };
    expect(await answer(operatorProfile(), init, wrong)).toMatchObject({ code: 'VT8208' });
    const short = [...init, '--valid', '1m'];
    expect(await answer(operatorProfile(), short, asOperator())).toMatchObject({
      status: exitStatus.arguments,
      code: 'VT9001',
    });
  });

  it('use takes a place: the data owner’s packages go there, and a host fetches its own', async () => {
    const grantOf = ({ participantId }: StoryMember): string => join('grants', `${participantId}.grant`);
    expect(await answer(host.profile, ['vault', 'use', grantOf(hospital)])).toMatchObject({
      status: exitStatus.refused,
      code: 'VT8401',
    });
    const unasked = await call(host.profile, ['vault', 'use', grantOf(host)]);
    expect(unasked.stderr).toContain('VT9006');
    expect(unasked.stderr).toMatch(/pt_\w+ \(.*\) signed the grant\./s);
    for (const member of [hospital, host])
      expect(await answer(member.profile, ['vault', 'use', grantOf(member), '--yes'])).toMatchObject({
        status: 0,
      });
    // A renewal by the operator that the profile names now wants no yes.
    await call(operatorProfile(), init, asOperator());
    expect(await answer(host.profile, ['vault', 'use', grantOf(host)])).toMatchObject({ status: 0 });
    for (const name of ['vault.key', 'vault-credentials.json'])
      expect(statSync(join(host.profile, name)).mode & 0o077).toBe(0);
    const split = ['dataset', 'split', join(folder, 'table.csv'), '--target', 'target', '--subsets', '2'];
    writeFileSync(join(folder, 'table.csv'), diabetes());
    expect(await answer(hospital.profile, [...split, '--id', 'ds_cli'])).toMatchObject({ status: 0 });
    expect(await answer(hospital.profile, ['dataset', 'publish', 'ds_cli', '--replicas', '1'])).toMatchObject(
      { status: 0 },
    );
    const invite = ['dataset', 'invite', 'ds_cli', '--slot', 'ci_cli_0_0', '--host', host.participantId];
    expect(await answer(hospital.profile, invite)).toMatchObject({ status: 0 });
    const file = join('invites', `${host.participantId}.json`);
    expect(await answer(host.profile, ['instance', 'join', file])).toMatchObject({ status: 0 });
  });

  it('attack 39: join and use end at a device and at a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of ['/dev/zero', pipe])
      for (const verb of [
        ['instance', 'join'],
        ['vault', 'use'],
      ])
        expect(await answer(host.profile, [...verb, path])).toMatchObject({
          status: exitStatus.arguments,
          code: 'VT9260',
        });
  });

  it('lends a package to a host without a place, for as long as was said', async () => {
    const invite = ['dataset', 'invite', 'ds_cli', '--slot', 'ci_cli_1_0', '--host', outsider.participantId];
    const file = join('lent', `${outsider.participantId}.json`);
    expect(await answer(hospital.profile, [...invite, '--out', 'lent'])).toMatchObject({ status: 0 });
    expect(await answer(outsider.profile, ['instance', 'join', file])).toMatchObject({ code: 'VT8201' });
    expect(await answer(hospital.profile, [...invite, '--out', 'lent', '--lend', '1h'])).toMatchObject({
      status: 0,
    });
    const sealed = readFileSync(join(folder, file), 'utf8');
    expect(sealed).not.toContain(market.minio.endpoint);
    const joinLent = ['instance', 'join', file];
    const unasked = await call(outsider.profile, joinLent);
    expect(unasked.stderr).toContain('VT9006');
    expect(unasked.stderr).toContain('loopback address');
    const { host: fromHost } = new URL(market.minio.endpoint);
    expect(await answer(outsider.profile, [...joinLent, '--from-host', fromHost])).toMatchObject({
      status: 0,
    });
    const [again] = await market.presignedFor(hospital, outsider, 'ci_cli_1_0', 1000);
    await expect
      .poll(() => codeOf(joinInstances(outsider.member, again!, {}, yes)), { timeout: 10_000, interval: 500 })
      .toBe('VT9210');
  });

  it('gc leaves alone what is too young to tell, and frees nothing that is needed', async () => {
    const gc = ['vault', 'gc', '--free', '--yes'];
    expect(await answer(hospital.profile, gc)).toMatchObject({
      status: 0,
      data: { needed: { objects: 3 }, young: { objects: 0 }, garbage: { objects: 0 } },
    });
    await answer(hospital.profile, ['dataset', 'withdraw', 'ds_cli', '--yes']);
    expect(await answer(hospital.profile, [...gc, '--older-than', '1ms'])).toMatchObject({
      status: exitStatus.arguments,
      code: 'VT9001',
    });
    expect(await answer(hospital.profile, gc)).toMatchObject({
      status: 0,
      data: { needed: { objects: 0 }, young: { objects: 3 }, garbage: { objects: 0 } },
    });
    // An hour later, as far as the action below the command can tell.
    const member = await openMember(hospital.profile);
    const { garbage } = await vaultContents(member, { youngerThanMs: 0 }, {});
    await freeObjects(member, garbage, {});
    member.close();
    expect(await answer(hospital.profile, gc)).toMatchObject({
      status: 0,
      data: { needed: { objects: 0 }, young: { objects: 0 }, garbage: { objects: 0 } },
    });
  });

  it('gc says that a folder knows no places', async () => {
    expect(await answer(outsider.profile, ['vault', 'gc'])).toMatchObject({
      status: exitStatus.refused,
      code: 'VT9209',
    });
  });
});
