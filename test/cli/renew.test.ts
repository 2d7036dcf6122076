import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelopeSchema, exitStatus } from '@veritrain/cli';
import { registerParticipant, registrarOf } from '@veritrain/member/enrolment';
import { loadProfile } from '@veritrain/client-sdk';
import { enrol, register } from '@veritrain/client-sdk/enrolment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certify, issuerAmong } from '../fabric/support/certificates.js';
import { ledgerTexts } from '../fabric/support/ledgerText.js';
import { offer, waitUntil } from '../support/couples.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { callVeritrain } from './support/veritrain.js';

const organization = 'org3.example.com';

describe('a member renews its certificate', () => {
  let market: StoryMarket;
  let host: StoryMember;
  let ledger: string;
  const profileOf = (folder: string) => loadProfile(join(folder, 'profile.json'));
  const filesOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.pem'));
  const enrolmentIdOf = (folder: string): string =>
    /^CN=(.*)$/m.exec(new X509Certificate(profileOf(folder).certificatePem).subject)?.[1] ?? '';

  async function veritrain(profile: string, ...args: string[]) {
    const { status, stdout } = await callVeritrain([...args, '--profile', profile, '--format', 'json'], {
      folder: market.folder,
      home: join(market.folder, 'home'),
    });
    const envelope = envelopeSchema.parse(JSON.parse(stdout));
    return { status, data: envelope.data, code: envelope.outcome === 'failed' ? envelope.error.code : '' };
  }

  /** A secret that enrols somebody under a new name, as often as is said, with the CA of an organisation. */
  async function secretOf(of: string, enrolmentId: string, maxEnrolments = 1) {
    const { connection, certificateAuthority } = market.endpointOf(of);
    const ca = { url: certificateAuthority?.url ?? '', name: `ca-${of.split('.')[0] ?? ''}` };
    const registrar = await enrol({ ca, mspId: 'any', ...registrarOf(connection) });
    const { secret } = await register({ ca, registrar, enrolmentId, maxEnrolments });
    const file = join(market.folder, `${enrolmentId}.secret`);
    writeFileSync(file, secret, { mode: 0o600 });
    return { ca, secret, file };
  }

  beforeAll(async () => {
    market = await StoryMarket.start();
    ledger = join(market.folder, 'ledger');
    host = await market.join('host', ['cloudOwner'], { organization });
  });
  afterAll(() => market?.stop());

  it('gets another key and certificate, and stays the same participant', async () => {
    const before = profileOf(host.profile);
    expect((await veritrain(host.profile, 'participant', 'renew')).code).toBe('VT9001');
    // The profile remembers the CA.
    const ca = { url: market.endpointOf(organization).certificateAuthority!.url, name: 'ca-org3' };
    for (const [generation, options] of [['--connect', ledger], []].entries()) {
      const renewed = await veritrain(host.profile, 'participant', 'renew', ...options);
      expect(renewed).toMatchObject({
        status: exitStatus.done,
        data: { mspId: 'Org3MSP', enrolmentId: enrolmentIdOf(host.profile) },
      });
      const after = profileOf(host.profile);
      expect(after.privateKeyPem, generation.toString()).not.toBe(before.privateKeyPem);
      expect(after).toEqual({
        ...before,
        certificateAuthority: ca,
        certificatePem: after.certificatePem,
        privateKeyPem: after.privateKeyPem,
      });
      // The old pair is gone, and the new key its owner's alone.
      const files = filesOf(host.profile);
      expect(files).toHaveLength(2);
      const key = files.find((name) => name.startsWith('key-'))!;
      expect(statSync(join(host.profile, key)).mode & 0o777).toBe(0o600);
    }
    expect(await veritrain(host.profile, 'whoami')).toMatchObject({
      data: { participant: { participantId: host.participantId } },
    });
    expect((await veritrain(host.profile, 'doctor')).status).toBe(exitStatus.done);
  });

  it('keeps the old pair where the CA refuses or does not answer', async () => {
    const before = profileOf(host.profile);
    const endpoint = market.endpointOf(organization);
    const other = ['--connect', ledger, '--organization', 'org1.example.com'];
    const wrong: [code: string, args: string[]][] = [
      ['VT8501', other],
      ['VT8501', ['--ca', 'http://127.0.0.1:9', '--ca-name', 'ca-org3']],
      ['VT9003', ['--connect', ledger, '--secret-file', join(market.folder, 'none')]],
    ];
    for (const [code, args] of wrong)
      expect(await veritrain(host.profile, 'participant', 'renew', ...args)).toMatchObject({ code });
    // With a secret any CA certifies whoever it knows, which is somebody else.
    const { file } = await secretOf('org1.example.com', enrolmentIdOf(host.profile));
    const stranger = ['participant', 'renew', ...other, '--secret-file', file];
    expect(await veritrain(host.profile, ...stranger)).toMatchObject({ code: 'VT9108' });
    expect(profileOf(host.profile)).toEqual(before);
    expect(filesOf(host.profile)).toHaveLength(2);
    const named = ['--ca', endpoint.certificateAuthority!.url, '--ca-name', 'ca-org3'];
    expect((await veritrain(host.profile, 'participant', 'renew', ...named)).status).toBe(exitStatus.done);
  });

  it('goes on as an agent that runs, with the new certificate', async () => {
    const owner = await market.join('owner', ['dataOwner']);
    const agent = market.run(owner, { metrics: 0 });
    await agent.started();
    const said = (what: RegExp): boolean => agent.lines.some(({ msg = '' }) => what.test(msg));
    const path = join(owner.profile, 'profile.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"channel": "', '"channel": "no-'));
    await waitUntil('the agent warned', () => said(/does not work: the agent goes on as before/));
    writeFileSync(path, text);
    const renew = ['participant', 'renew', '--connect', ledger];
    expect((await veritrain(owner.profile, ...renew)).status).toBe(exitStatus.done);
    await waitUntil('the agent started again', () => said(/^the profile was changed, so the agent starts/));
    const hosts = [await market.join('other', ['cloudOwner'])];
    await offer(market, owner, { datasetId: 'ds_renewed', subsets: 2, replicas: 1, hosts });
    await waitUntil('the agent verified the host', () => agent.steps().includes('verifyInstances'));
    const { address } = agent.lines.find(({ msg }) => msg === 'metrics are served')!;
    const served = async (path: string): Promise<string> => (await fetch(`${String(address)}${path}`)).text();
    expect(await served('/metrics')).toMatch(/step_seconds_count\{[^}]*step="verifyInstances"\} [1-9]/);
    expect(JSON.parse(await served('/health'))).toMatchObject({ profile: 'owner', roles: ['dataOwner'] });
    const { raw } = new X509Certificate(profileOf(owner.profile).certificatePem);
    const texts = await ledgerTexts(path);
    expect(texts.some((each) => each.includes(raw.toString('latin1')))).toBe(true);
    // Told to, it stops, and it started again once.
    expect(await agent.stop()).toBe(exitStatus.done);
    expect(agent.lines.filter(({ msg }) => msg === 'agent runs')).toHaveLength(2);
  });

  it('needs a secret once its certificate has ended, and is the same participant with it', async () => {
    const endpoint = market.endpointOf(organization);
    const { ca, secret, file } = await secretOf(organization, 'm-late', 2);
    const identity = await enrol({ ca, mspId: 'Org3MSP', enrolmentId: 'm-late', secret });
    const { profile, member } = await market.open('late', { endpoint, credentials: identity });
    const { participant } = await registerParticipant(member, { roles: ['cloudOwner'] }, {});
    const folder = join(ledger, 'organizations', 'peerOrganizations', organization, 'ca');
    const issuer = issuerAmong(join(folder, `ca.${organization}-cert.pem`), folder);
    const ended = await certify(issuer, identity, new Date(Date.now() - 60_000));
    writeFileSync(join(profile, 'certificate.pem'), ended.certificatePem);
    writeFileSync(join(profile, 'key.pem'), ended.privateKeyPem);

    const renew = ['participant', 'renew', '--connect', ledger];
    expect((await veritrain(profile, ...renew)).code).toBe('VT9107');
    expect(filesOf(profile)).toEqual(['certificate.pem', 'key.pem']);
    expect((await veritrain(profile, ...renew, '--secret-file', file)).status).toBe(exitStatus.done);
    expect(await veritrain(profile, 'whoami')).toMatchObject({
      data: { participant: { participantId: participant.participantId } },
    });
  });
});
