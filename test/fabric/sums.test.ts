import { join } from 'node:path';
import { connectMarket, type Market, type Role } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { batchesOf, instanceIdOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, joinSlot, makeUpdate, packageDigest, terms } from '../sdk/trainingFlow.js';
import { describeFabric } from '../support/fabric.js';
import {
  embeddedLedger,
  fabricLedger,
  type FabricStoryLedger,
  type StartLedger,
  type StoryLedger,
} from '../support/storyLedger.js';
import { StoryMarket } from '../support/storyMarket.js';

// A dataset of sums on both ledgers, step by step and without agents: nothing depends on time, since nobody ticks. Its three
// subsets are one batch, so that every draw is the same.

const datasetId = 'ds_sums';
const coupleId = 'tc_sums';
const subsets = [0, 1, 2];
const withinMs = 400_000;
const minute = 60_000;
const deadlines = {
  ...{ verifyMs: 10 * minute, noticeMs: 10 * minute, answerMs: 10 * minute, startMs: 10 * minute },
  ...{ commitMs: 10 * minute, uploadMs: 20 * minute, closeMs: 30 * minute, revealMs: 40 * minute },
  attestMs: 50 * minute,
};

/** What each ledger came to, without what differs by ledger: ids, digests, times. */
interface Course {
  readonly drawn: readonly number[][];
  readonly batches: unknown;
  readonly settlements: unknown;
  readonly conduct: Readonly<Record<string, readonly string[]>>;
  readonly refusals: readonly string[];
}

const courses: Course[] = [];

function sumsOn(name: string, start: StartLedger<StoryLedger>): void {
  let story: StoryMarket<StoryLedger>;
  let owner: Market;
  let modelOwner: Market;
  const hosts: Market[] = [];
  const opened: Market[] = [];
  const refusals: string[] = [];

  const refused = async (call: Promise<unknown>): Promise<void> => {
    refusals.push(
      await call.then(
        () => 'nothing was refused',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
  };

  async function open(attempt: number): Promise<void> {
    const linkOf = (of: Market, role: 'modelOwner' | 'dataOwner') =>
      ownDrawChain(of, role, coupleId, terms).link(attempt);
    const model = await modelOwner.vault.put(Buffer.from(`model ${attempt}`));
    await modelOwner.rounds.open({
      ...{ coupleId, attempt, modelDigest: model.digest, modelHandle: model.handle },
      link: linkOf(modelOwner, 'modelOwner'),
    });
    await owner.rounds.start({ coupleId, attempt, link: linkOf(owner, 'dataOwner') });
  }

  /** @returns digest of the update that all replicas of the subset commit to */
  async function commit(attempt: number, subset: number): Promise<string> {
    const update = Buffer.from(`update ${attempt} ${subset}`);
    for (const [slot, host] of hosts.entries()) {
      const instanceId = instanceIdOf(datasetId, subset, slot);
      const { nonce, commitment, sealed } = await makeUpdate(
        host,
        modelOwner,
        { coupleId, attempt, instanceId },
        update,
      );
      await host.jobs.submitUpdate({ coupleId, attempt, instanceId, nonce, commitment, sealed });
    }
    return digestOf(update);
  }

  const close = (attempt: number, subsetIndex: number, claim: string) =>
    modelOwner.rounds.close({ coupleId, attempt, results: [{ subsetIndex, claim }] });

  /** Connects a new member once more, as the participant that it has become. */
  async function joined(member: string, role: Role): Promise<Market> {
    const { profile } = await story.join(member, [role]);
    const market = await connectMarket({ profile: join(profile, 'profile.json') });
    opened.push(market);
    return market;
  }

  beforeAll(async () => {
    story = await StoryMarket.start({ ledger: start });
    owner = await joined('hospital', 'dataOwner');
    modelOwner = await joined('lab', 'modelOwner');
    for (const host of ['one', 'two', 'three']) hosts.push(await joined(host, 'cloudOwner'));
  }, withinMs);
  afterAll(async () => {
    for (const market of opened) market.close();
    await story?.stop();
  });

  it(
    `is offered, drawn whole, agreed and void as elsewhere: ${name}`,
    async () => {
      const dataset = {
        datasetId,
        templateDigest: digestOf(Buffer.from('template')),
        ...{
          subsets: subsets.length,
          replicas: hosts.length,
          lifetimeRounds: 10,
          aggregation: 'sum' as const,
        },
        requestRules: {
          mostRounds: 10,
          mostSubsetsPerRound: 3,
          mostIdleMs: 60 * minute,
          protections: ['plain' as const],
        },
        deadlines,
      };
      await refused(owner.datasets.register({ ...dataset, subsets: 2 }));
      await owner.datasets.register(dataset);
      for (const subset of subsets)
        for (const [slot, host] of hosts.entries()) await joinSlot(owner, host, datasetId, subset, slot);
      const packages = subsets.map((subsetIndex) => ({
        subsetIndex,
        packageDigest: packageDigest(subsetIndex),
      }));
      await owner.instances.verify({ datasetId, packages });
      const digests = {
        programDigest: digestOf(Buffer.from('p')),
        architectureDigest: digestOf(Buffer.from('a')),
      };
      await modelOwner.models.register({ modelId: 'md_sums', ...digests, protection: 'plain' });
      const asked = { datasetId, modelId: 'md_sums', ...terms, heKeyDigest: null, idleMs: 30 * minute };
      await modelOwner.couples.request({ ...asked, coupleId });
      await approve(owner, coupleId);

      await open(1);
      const first = [await commit(1, 0)];
      // No subset is closed before each has its quorum.
      await refused(close(1, 0, first[0]!));
      for (const subset of [1, 2]) first.push(await commit(1, subset));
      for (const subset of subsets) await close(1, subset, first[subset]!);

      await open(2);
      const second = await commit(2, 0);
      for (const [slot, host] of hosts.entries())
        await host.jobs.reportUnavailable({
          coupleId,
          attempt: 2,
          instanceId: instanceIdOf(datasetId, 1, slot),
        });
      await close(2, 0, second);
      await commit(2, 2);
      for (const subset of [1, 2]) await close(2, subset, 'undelivered');

      const rounds = await Promise.all([1, 2].map((attempt) => modelOwner.rounds.get({ coupleId, attempt })));
      const conduct: Record<string, string[]> = {};
      for (const [slot, host] of hosts.entries()) {
        const { items } = await owner.participants.listConduct({ participantId: host.participantId ?? '' });
        conduct[`host ${slot}`] = items.map(({ kind }) => kind).sort();
      }
      courses.push({
        drawn: rounds.map(({ drawn }) => drawn.map(({ subsetIndex }) => subsetIndex)),
        batches: rounds.map(({ batches }) => batches),
        settlements: rounds.map(({ settlements }) =>
          settlements.map(({ subsetIndex, outcome, commitments, verdicts }) => ({
            ...{ subsetIndex, outcome, commitments },
            verdicts: verdicts.map(({ verdict }) => verdict),
          })),
        ),
        conduct,
        refusals,
      });
    },
    withinMs,
  );
}

describeFabric('sums only', () => {
  describe('on the embedded ledger', () => sumsOn('embedded', embeddedLedger));
  describe('on Fabric', () => {
    let ledger: FabricStoryLedger;
    sumsOn('Fabric', async (folder) => (ledger = await fabricLedger()(folder)));

    it('takes several reads, and several writes, in one message', async () => {
      const { operations } = ledger.network.organizations[0]!.peer.ports;
      const metrics = await (await fetch(`http://127.0.0.1:${operations}/metrics`)).text();
      const completed = metrics
        .split('\n')
        .filter((line) => line.startsWith('chaincode_shim_requests_completed'));
      for (const type of ['GET_STATE_MULTIPLE', 'WRITE_BATCH_STATE'])
        expect(completed).toContainEqual(expect.stringMatching(`channel="market".*type="${type}"`));
    });
  });

  it('came to the same records on both: batches whole, and void where one subset lacks a quorum', () => {
    const [embedded, fabric] = courses;
    expect(fabric).toEqual(embedded);
    expect(embedded!.drawn).toEqual([batchesOf(3)[0], batchesOf(3)[0]]);
    expect(embedded!.batches).toMatchObject([
      [{ quorumReached: true, outcome: 'agreed' }],
      [{ outcome: 'void' }],
    ]);
    const outcomes = (embedded!.settlements as { outcome: string }[][]).map((round) =>
      round.map(({ outcome }) => outcome),
    );
    expect(outcomes).toEqual([subsets.map(() => 'agreed'), subsets.map(() => 'void')]);
    expect(embedded!.refusals).toEqual(['VT0512', 'VT0612']);
  });
});
