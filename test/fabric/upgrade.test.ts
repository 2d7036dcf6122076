import { join } from 'node:path';
import type { InputOf, TransactionName } from '@veritrain/client-sdk/protocol';
import { upgrade } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adding, changedContract, replacing } from '../support/changedContract.js';
import { ended, offer, request, waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { OwnClient } from '../support/ownClient.js';
import { withinMs } from '../support/stage.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';

// The next contract notes in each couple and each round which contract made it. Records from before have no such
// field: they read as made by the first. Members' agents and their SDK know nothing of it.

const datasetId = 'ds_upgrade';
// More than an upgrade takes.
const rounds = 20;
const field = 'zod_1.z.int().default(1)';
const nextContract = {
  'domain/couple.js': adding(`exports.trainCouple = exports.trainCouple.extend({ madeBy: ${field} });`),
  'domain/round.js': adding(`exports.round = exports.round.extend({ madeBy: ${field} });`),
  'contracts/couple/request.js': replacing('releasedAt: null,', 'releasedAt: null, madeBy: 2,'),
  'contracts/round/openStart.js': replacing('expiredAt: null,', 'expiredAt: null, madeBy: 2,'),
};

describeFabric('a running market that gets its next contract', () => {
  let market: StoryMarket<StoryLedger>;
  let owner: StoryMember;
  let lab: StoryMember;
  let client: OwnClient;

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger() });
    owner = await market.join('hospital', ['dataOwner']);
    lab = await market.join('lab', ['modelOwner'], { organization: 'org2.example.com' });
    const hosts: StoryMember[] = [];
    for (const organization of [1, 2, 3])
      hosts.push(
        await market.join(`host${organization.toString()}`, ['cloudOwner'], {
          organization: `org${organization.toString()}.example.com`,
        }),
      );
    for (const member of [owner, lab, ...hosts]) market.run(member);
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 120_000 });
    client = new OwnClient(lab);
  }, withinMs);
  afterAll(async () => {
    client?.close();
    await market?.stop();
  });

  const ask = (coupleId: string, most: number): Promise<unknown> =>
    request(lab, { coupleId, datasetId, rounds: most, spareAttempts: 0, idleMs: withinMs });
  /** What the contract answers, every field of it. */
  async function inFull<Name extends TransactionName>(name: Name, input: InputOf<Name>): Promise<object> {
    const bytes = await (await client.propose(name, input)).evaluate();
    return JSON.parse(Buffer.from(bytes).toString()) as object;
  }
  const roundOf = (attempt: number): Promise<{ phases?: unknown; startBy?: unknown }> =>
    inFull('GetRound', { coupleId: 'tc_first', attempt });

  async function endsUndisturbed(coupleId: string): Promise<void> {
    const couple = await ended(lab, coupleId, withinMs);
    expect(couple.state).toBe('finished');
    expect((await undisturbed({ owner, modelOwner: lab }, couple)).finalModelDigest).toBe(
      couple.finalModelDigest,
    );
  }

  it(
    'goes on with the couple that trains, reads what the first contract wrote, and writes what the next one adds',
    async () => {
      await ask('tc_first', rounds);
      const { couples } = lab.member.market;
      const hasBegun = async (): Promise<boolean> =>
        (await couples.get({ coupleId: 'tc_first' })).startedRounds > 1;
      await waitUntil('the second round is started', hasBegun, withinMs);
      // When its deadlines fall is known only once the clock ticks after their start.
      const { phases: _phases, startBy: _startBy, ...before } = await roundOf(1);
      expect(before).not.toHaveProperty('madeBy');
      const chaincode = changedContract(join(market.folder, 'next'), nextContract);
      const deployment = await upgrade({ folder: join(market.folder, 'ledger'), chaincode });
      expect(deployment).toMatchObject({ name: 'chaincode', sequence: 2 });
      expect(await roundOf(1)).toMatchObject({ ...before, madeBy: 1 });
      await endsUndisturbed('tc_first');
      expect(await roundOf(rounds)).toMatchObject({ madeBy: 2 });
      expect(await inFull('GetCouple', { coupleId: 'tc_first' })).toMatchObject({ madeBy: 1 });
    },
    withinMs,
  );

  it(
    'takes the next couple',
    async () => {
      await ask('tc_second', 1);
      await endsUndisturbed('tc_second');
      expect(await inFull('GetCouple', { coupleId: 'tc_second' })).toMatchObject({ madeBy: 2 });
    },
    withinMs,
  );
});
