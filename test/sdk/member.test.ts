import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@veritrain/client-sdk';
import { runAgent } from '@veritrain/agents';
import { startMarket, type LocalMarket } from '@veritrain/local';
import {
  createMember,
  openMarket,
  openMember,
  type CreateMemberInput,
  type InviteFile,
} from '@veritrain/member';
import { readMarketEndpoint } from '@veritrain/member/enrolment';
import { defineProgram } from '@veritrain/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diabetes } from '../support/storyMarket.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-library-'));
const organization = 'org1.example.com';
let market: LocalMarket | undefined;
let input: Omit<CreateMemberInput, 'name' | 'roles'>;

beforeAll(async () => {
  market = await startMarket({ folder });
  input = { market: market.ledger, organization, home: folder, vault: join(folder, 'vault') };
});
afterAll(async () => {
  await market?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('createMember', () => {
  it('makes a member, and opens the same one when it is called again', async () => {
    const first = await createMember({ ...input, name: 'alder', roles: ['cloudOwner', 'modelOwner'] });
    const height = await first.market.height();
    first.close();
    const again = await createMember({ ...input, name: 'alder', roles: ['modelOwner', 'cloudOwner'] });
    expect(again.id).toBe(first.id);
    expect(await again.market.height()).toBe(height);
    again.close();
    const opened = await openMember(join(folder, 'profiles', 'alder'));
    expect([opened.id, opened.roles]).toEqual([first.id, ['cloudOwner', 'modelOwner']]);
    opened.close();
    const other = createMember({ ...input, name: 'alder', roles: ['dataOwner'] });
    await expect(other).rejects.toMatchObject({ title: 'ALREADY_REGISTERED' });
  });

  it('locks the keyring with the passphrase of the environment where none is given', async () => {
    process.env.VERITRAIN_PASSPHRASE = 'correct horse battery staple';
    try {
      (await createMember({ ...input, name: 'locked', roles: ['cloudOwner'] })).close();
    } finally {
      delete process.env.VERITRAIN_PASSPHRASE;
    }
    const opening = openMember(join(folder, 'profiles', 'locked'), { passphrase: 'wrong' });
    await expect(opening).rejects.toMatchObject({ title: 'KEYRING_LOCKED' });
  });

  it.each<[what: string, change: () => Partial<CreateMemberInput>, title: string]>([
    ['a name that is a path', () => ({ name: '../alder' }), 'WRONG_ARGUMENT'],
    ['a role that there is not', () => ({ roles: ['boss' as 'dataOwner'] }), 'WRONG_ARGUMENT'],
    ['no organisation among several', () => ({ organization: undefined! }), 'WRONG_ARGUMENT'],
    ['an organisation that there is not', () => ({ organization: 'org9.example.com' }), 'ENROLMENT_FAILED'],
    ['a market that is not there', () => ({ market: join(folder, 'nowhere') }), 'FILE_MISSING'],
    [
      'a market whose roots cannot be pinned',
      () => {
        const { connection, ...endpoint } = readMarketEndpoint(market!.ledger, organization);
        return { market: { ...endpoint, connection: { ...connection, organizations: undefined } } };
      },
      'WRONG_ARGUMENT',
    ],
    [
      'the name of a member of another market',
      () => {
        const { connection, ...endpoint } = readMarketEndpoint(market!.ledger, organization);
        return {
          name: 'alder',
          market: { ...endpoint, connection: { ...connection, channel: 'elsewhere' } },
        };
      },
      'FILE_EXISTS',
    ],
  ])('refuses %s', async (_, change, title) => {
    const making = createMember({ ...input, name: 'nobody', roles: ['cloudOwner'], ...change() });
    await expect(making).rejects.toMatchObject({ title });
  });
});

it('an open market stays as it is, unless other settings are asked for', async () => {
  await openMarket({ ledger: market!.ledger });
  const other = openMarket({ ledger: market!.ledger, settings: { tickPeriodMs: 60_000 } });
  await expect(other).rejects.toMatchObject({ title: 'CONFLICT' });
});

describe('a member', () => {
  it('is told what is wrong with an argument before anything happens', async () => {
    const owner = await createMember({
      ...input,
      name: 'hospital',
      roles: ['dataOwner', 'cloudOwner', 'modelOwner'],
    });
    const height = await owner.market.height();
    const table = Buffer.from(diabetes());
    const wrong = [
      owner.datasets.publish(table, { target: 'target', replicas: 16 }),
      owner.datasets.publish(table, { target: 'target', id: '../ds' }),
      owner.datasets.of('ds_some').invite([], { validMs: Number.POSITIVE_INFINITY }),
    ];
    for (const call of wrong) await expect(call).rejects.toMatchObject({ title: 'WRONG_ARGUMENT' });
    const invite = owner.instances.join({ invites: [] } as unknown as InviteFile);
    await expect(invite).rejects.toMatchObject({ title: 'FILE_INVALID' });
    const nothing = owner.couples.of('tc_nothing');
    await expect(nothing.result()).rejects.toMatchObject({ title: 'NOT_FOUND' });
    await expect(nothing.watch().next()).rejects.toMatchObject({ title: 'NOT_FOUND' });
    expect(await owner.market.height()).toBe(height);
    owner.close();
  });

  it('quotes without writing, trains on rows, and its agents end with it', async () => {
    const roles: Role[] = ['dataOwner', 'cloudOwner', 'modelOwner'];
    const member = await createMember({ ...input, name: 'all-in-one', roles });
    const [header = [], ...lines] = diabetes()
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const rows = lines.map((line) =>
      Object.fromEntries(header.map((column, at) => [column, Number(line[at])])),
    );
    const dataset = await member.datasets.publish(rows, { target: 'target', subsets: 2, replicas: 1 });
    for (const invite of await dataset.invite([member.id])) await member.instances.join(invite);
    await dataset.ready();
    const height = await member.market.height();
    const terms = { dataset: dataset.id, rounds: 2 };
    const quote = await member.couples.quote(terms);
    expect(quote).toMatchObject({ rounds: 2, subsets: 2, jobs: 2, protection: 'encrypted' });
    expect(quote.measuredMs?.reply).toBeGreaterThan(0);
    const logistic = member.couples.quote({ ...terms, model: defineProgram({ family: 'logistic' }) });
    await expect(logistic).rejects.toMatchObject({ code: 'VT7014', facts: { column: 'target' } });
    expect(await member.market.height()).toBe(height);

    const agent = runAgent(member, { approval: 'auto', signal: new AbortController().signal });
    const couple = await member.couples.request(terms);
    expect(couple.id).not.toBe(quote.coupleId);
    const steps: string[] = [];
    const result = await couple.result({ progress: (step) => steps.push(step) });
    expect(steps.at(-1)).toBe(`${couple.id}: TrainingFinished`);
    expect(result.model.rounds).toBe(2);
    expect(result.predict(rows.slice(0, 3)).predictions).toHaveLength(3);
    expect((await result.onnx()).bytes.length).toBeGreaterThan(500);
    member.close();
    await agent;
  });
});
