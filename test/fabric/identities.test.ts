import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { exitStatus } from '@veritrain/cli';
import { registerParticipant } from '@veritrain/member/enrolment';
import { loadProfile, type Role } from '@veritrain/client-sdk';
import { reenrol } from '@veritrain/client-sdk/enrolment';
import { revoke } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callVeritrain } from '../cli/support/veritrain.js';
import { ended, offer, request } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { ledgerTexts } from './support/ledgerText.js';

const withinMs = 400_000;
const organizations = ['org1.example.com', 'org2.example.com', 'org3.example.com'] as const;
const [first, second, third] = organizations;
const hostNames = ['balthazar', 'marguerite', 'octavia', 'theodora'];

const coded = (code: string): unknown => expect.objectContaining({ code });

describeFabric('members on Fabric', () => {
  let market: StoryMarket<StoryLedger>;
  let owner: StoryMember;
  let lab: StoryMember;
  const hosts: StoryMember[] = [];

  const profileOf = ({ profile }: Pick<StoryMember, 'profile'>) => loadProfile(join(profile, 'profile.json'));
  const enrolmentIdOf = (of: Pick<StoryMember, 'profile'>): string =>
    /^CN=(.*)$/m.exec(new X509Certificate(profileOf(of).certificatePem).subject)?.[1] ?? '';
  const authorityOf = (organization: string): { url: string; name?: string; tlsRootPem?: string } => {
    const { url = '', name, tlsRootPem } = market.endpointOf(organization).certificateAuthority ?? {};
    return {
      url,
      ...(name === undefined ? {} : { name }),
      ...(tlsRootPem === undefined ? {} : { tlsRootPem }),
    };
  };

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger(), rolesFromAttributes: true });
    owner = await market.join('hildegard', ['dataOwner'], { organization: first });
    lab = await market.join('leopoldine', ['modelOwner'], { organization: second });
    for (const name of hostNames)
      hosts.push(await market.join(name, ['cloudOwner'], { organization: third }));
  }, withinMs);
  afterAll(() => market?.stop());

  it('have the roles of their certificates and no others', async () => {
    const roles: Role[] = ['cloudOwner'];
    const strangers: [string, Role[]][] = [
      ['unroled', []],
      ['otherwise', ['dataOwner', 'modelOwner']],
    ];
    for (const [name, certifiedRoles] of strangers) {
      const { member } = await market.enrol(name, { organization: third, certifiedRoles });
      await expect(registerParticipant(member, { roles }, {})).rejects.toEqual(coded('VT0307'));
      expect((await member.market.participants.whoAmI()).participant).toBeNull();
    }
    expect(await hosts[0]!.member.market.participants.whoAmI()).toMatchObject({
      participant: { participantId: hosts[0]!.participantId },
      certifiedRoles: roles,
    });
  });

  it('stay the same when their certificates are renewed', async () => {
    const [host] = hosts;
    const identity = profileOf(host!);
    const credentials = await reenrol({ ca: authorityOf(third), identity });
    expect(credentials.certificatePem).not.toBe(identity.certificatePem);
    const { member } = await market.open('renewed', {
      endpoint: market.endpointOf(third),
      credentials,
      seed: host!.name,
    });
    const { participant } = await registerParticipant(member, { roles: ['cloudOwner'] }, {});
    expect(participant.participantId).toBe(host!.participantId);
  });

  it('renew themselves on the command line, and stay the same', async () => {
    const { profile, participantId } = hosts[3]!;
    const before = profileOf(hosts[3]!);
    const renew = ['participant', 'renew', '--profile', profile, '--connect', join(market.folder, 'ledger')];
    const caller = { folder: market.folder, home: join(market.folder, 'home') };
    expect(await callVeritrain(renew, caller)).toMatchObject({
      status: exitStatus.done,
      stdout: expect.stringContaining(enrolmentIdOf(hosts[3]!)) as string,
    });
    const after = profileOf(hosts[3]!);
    expect(after.certificatePem).not.toBe(before.certificatePem);
    expect(after.privateKeyPem).not.toBe(before.privateKeyPem);
    const who = await callVeritrain(['whoami', '--profile', profile], caller);
    expect(who.stdout).toContain(participantId);
    const elsewhere = await callVeritrain([...renew, '--organization', first], caller);
    expect(elsewhere.stderr).toContain('VT8501');
    expect(profileOf(hosts[3]!)).toEqual(after);
  });

  it(
    'train a model, and the ledger shows no name, address or URL of anybody',
    async () => {
      for (const member of [owner, lab, ...hosts]) market.run(member);
      await market.agentsStarted();
      const shape = { subsets: 3, replicas: 3, hosts, paceMs: 2 * market.paceMs };
      await offer(market, owner, { datasetId: 'ds_hidden', ...shape });
      await request(lab, { coupleId: 'tc_hidden', datasetId: 'ds_hidden', rounds: 2 });
      const couple = await ended(lab, 'tc_hidden', withinMs);
      expect(couple.state).toBe('finished');
      await market.stopAgents();

      const texts = await ledgerTexts(join(owner.profile, 'profile.json'));
      const found = (what: RegExp): string[] => texts.flatMap((text) => what.exec(text)?.[0] ?? []);
      // What must be there is found, within JSON and within certificates.
      expect(found(new RegExp(hosts[0]!.participantId))).not.toEqual([]);
      expect(found(new RegExp(enrolmentIdOf(hosts[0]!)))).not.toEqual([]);
      const names = [owner, lab, ...hosts].map(({ name }) => name);
      expect(found(new RegExp(names.join('|'), 'i'))).toEqual([]);
      expect(found(/[a-z]{3,}:\/\/|localhost|127\.0\.0\.1/i)).toEqual([]);
      expect(found(new RegExp(`${market.folder}|${market.vault}`))).toEqual([]);
      // A short one comes up by chance in keys and signatures: as what it would stand.
      expect(found(new RegExp(`(DNS:|CN=|@|")${hostname()}\\b`))).toEqual([]);
    },
    withinMs,
  );

  it('are refused by every peer once they are revoked, and only they', async () => {
    const [host, other] = [hosts[1]!, hosts[2]!];
    const credentials = profileOf(host);
    const atEvery = await Promise.all(
      organizations.map(async (organization) => {
        const endpoint = market.endpointOf(organization);
        return (
          await market.open(`at-${organization.slice(0, 4)}`, { endpoint, credentials, seed: host.name })
        ).member;
      }),
    );
    const roles: Role[] = ['cloudOwner'];
    const write = (member: StoryMember['member']): Promise<unknown> =>
      registerParticipant(member, { roles }, {});
    for (const member of atEvery) await write(member);

    const whom = { folder: join(market.folder, 'ledger'), organization: third };
    const revocation = { ...whom, enrolmentId: enrolmentIdOf(host), reason: 'keycompromise' as const };
    expect(await revoke(revocation)).toMatchObject({ changed: true });
    const { signingKey, encryptionKey } = host.member.market.keyring;
    const input = { participantId: host.participantId, roles, signingKey, encryptionKey };
    for (const { market: refused } of [host.member, ...atEvery]) {
      await expect(refused.participants.whoAmI()).rejects.toEqual(coded('VT8122'));
      await expect(refused.participants.register(input)).rejects.toEqual(coded('VT8122'));
    }
    await expect(reenrol({ ca: authorityOf(third), identity: credentials })).rejects.toEqual(coded('VT8501'));
    await write(other.member);
    expect(await revoke(revocation)).toMatchObject({ changed: false });
    const { HOME = '', VERITRAIN_FABRIC_BIN } = process.env;
    const called = await callVeritrain(
      [
        ...['network', 'revoke', '--data', whom.folder, '--organization', third],
        ...['--enrolment-id', enrolmentIdOf(other), '--reason', 'superseded', '--yes'],
      ],
      {
        folder: market.folder,
        home: join(market.folder, 'home'),
        env: { HOME, ...(VERITRAIN_FABRIC_BIN === undefined ? {} : { VERITRAIN_FABRIC_BIN }) },
      },
    );
    expect(called).toMatchObject({
      status: exitStatus.done,
      stdout: expect.stringContaining('Revoked') as string,
    });
    await expect(write(other.member)).rejects.toEqual(coded('VT8122'));
    await expect(write(host.member)).rejects.toEqual(coded('VT8122'));
    await write(hosts[3]!.member);
  });

  it('are revoked by their right names, and those that the network works with not at all', async () => {
    const folder = join(market.folder, 'ledger');
    const wrong: [string, { organization: string; enrolmentId: string }][] = [
      ['VT9521', { organization: 'org9.example.com', enrolmentId: 'm-0' }],
      ['VT9522', { organization: third, enrolmentId: 'm-0' }],
      ['VT9523', { organization: third, enrolmentId: `Admin@${third}` }],
      ['VT9523', { organization: third, enrolmentId: 'admin' }],
    ];
    for (const [code, whom] of wrong)
      await expect(revoke({ folder, ...whom })).rejects.toMatchObject({ code });
    await hosts[3]!.member.market.participants.whoAmI();
  });
});
