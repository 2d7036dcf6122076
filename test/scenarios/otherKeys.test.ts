import { envelopeSchema, exitStatus } from '@veritrain/cli';
import type { Participant } from '@veritrain/client-sdk';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callVeritrain } from '../cli/support/veritrain.js';
import { offer } from '../support/couples.js';
import { type Lie, LyingGateway, withKey } from '../support/lyingGateway.js';
import { withinMs } from '../support/stage.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';

// The peer that a data owner asks wants the data: it answers with keys of a stranger's in place of the host's.

const datasetId = 'ds_keys';
const stranger = inMemoryKeyring('stranger');

describe('attack 56: a data owner whose peer tells another encryption key for a host', () => {
  let market: StoryMarket;
  let owner: StoryMember;
  let host: StoryMember;
  let crony: Participant;
  let desk: string;

  beforeAll(async () => {
    market = await StoryMarket.start();
    owner = await market.join('hospital', ['dataOwner']);
    host = await market.join('host', ['cloudOwner']);
    const { participantId } = await market.join('crony', ['cloudOwner']);
    crony = await owner.member.market.participants.get({ participantId });
    await offer(market, owner, { datasetId, subsets: 2, replicas: 1, hosts: [], assignments: [] });
    desk = join(market.folder, 'desk');
    mkdirSync(desk);
  }, withinMs);
  afterAll(() => market?.stop());

  const stored = (): number => readdirSync(market.vault).length;

  /** `veritrain dataset invite`, through a gateway that lies. */
  async function inviteThrough(lie: Lie) {
    const args = ['dataset', 'invite', datasetId, '--host', host.participantId, '--format', 'json'];
    const { status, stdout } = await LyingGateway.inFrontOf(owner.profile, { answer: lie }, () =>
      callVeritrain([...args, '--profile', owner.profile], { folder: desk, home: desk }),
    );
    return { status, envelope: envelopeSchema.parse(JSON.parse(stdout)) };
  }

  it.each([
    ['a key that it made up', () => withKey(host.participantId, stranger.encryptionKey)],
    ['the whole record of a member that it knows', (): Lie => (answer) => (isHost(answer) ? crony : answer)],
  ])('invites nobody and stores nothing: %s', async (_what, lie) => {
    const before = stored();
    const { status, envelope } = await inviteThrough(lie());
    expect(status).toBe(exitStatus.connection);
    expect(envelope).toMatchObject({
      error: { code: 'VT8125' },
    });
    expect(existsSync(join(desk, 'invites'))).toBe(false);
    expect(stored()).toBe(before);
  });

  it.each([
    ['VT8410', () => withKey(host.participantId, stranger.encryptionKey)],
    ['VT8411', (): Lie => (answer) => (isHost(answer) ? crony : answer)],
  ])('is believed by nobody who has the id, also where one peer is asked: %s', async (code, lie) => {
    const args = ['participant', 'show', host.participantId, '--format', 'json', '--profile', owner.profile];
    const { status, stdout } = await LyingGateway.inFrontOf(owner.profile, { answer: lie() }, () =>
      callVeritrain(args, { folder: desk, home: desk }),
    );
    expect(status).toBe(exitStatus.refused);
    expect(envelopeSchema.parse(JSON.parse(stdout))).toMatchObject({
      error: { code, message: expect.stringContaining(host.participantId) as string },
    });
  });

  it('invites the host through the same gateway once it tells the truth', async () => {
    const { status } = await inviteThrough((answer) => answer);
    expect(status).toBe(exitStatus.done);
    expect(readdirSync(join(desk, 'invites'))).toEqual([`${host.participantId}.json`]);
  });

  const isHost = (answer: unknown): boolean =>
    (answer as Partial<Participant>).participantId === host.participantId;
});
