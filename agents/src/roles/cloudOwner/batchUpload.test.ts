import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Market, Profile, RoundView, TrainCouple } from '@veritrain/client-sdk';
import { instanceIdOf, joinTokenMessage, packageCommitment } from '@veritrain/client-sdk/protocol';
import type { LedgerIdentity } from '@veritrain/client-sdk/enrolment';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { MemberHome } from '@veritrain/member/home';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickDeadlines, quickSettings, TestMarket } from '../../../../test/sdk/testMarket.js';
import { roleContext } from '../../testing/roleContext.js';
import { reconcileContextOf, type RoleContext } from '../role.js';
import { HostWork } from './hostWork.js';
import { jobsOf, UpdateStore } from './hostUpdate.js';

const datasetId = 'ds_sums';
const coupleId = 'tc_sums';
const attempt = 1;
const size = { rounds: 1, spareAttempts: 1 };
const subsets = [0, 1, 2];
const digest = (text: string): string => digestOf(Buffer.from(text));

/** A host's role on a real ledger and vault. Its update of each subset is at hand; there is nothing to compute. */
interface Host {
  readonly market: Market;
  readonly context: RoleContext & { readonly takeSteps: () => string[] };
  readonly updates: UpdateStore;
  readonly work: HostWork;
}

/** Its members pin the organisations, as agents need it for what cannot be undone. */
class PinnedMarket extends TestMarket {
  override profile(name: string, identity: LedgerIdentity): Profile {
    const organizations = [1, 2, 3].map((index) => {
      const certificates = join(
        this.ledger.organizations,
        'peerOrganizations',
        `org${index}.example.com`,
        'msp',
        'cacerts',
      );
      const rootCertificates = readdirSync(certificates).map((file) => ({
        pem: readFileSync(join(certificates, file), 'utf8'),
      }));
      return { mspId: `Org${index}MSP`, rootCertificates };
    });
    return { ...super.profile(name, identity), organizations };
  }
}

let test: TestMarket;
let owner: Market;
let lab: Market;
let hosts: Host[];

function hostOf(market: Market): Host {
  const participantId = market.participantId ?? '';
  const folder = join(test.folder, participantId);
  const { takeSteps, ...scripted } = roleContext({ folder });
  const home = new MemberHome(folder);
  const member = { home, market, close: () => undefined };
  const context = { ...scripted, takeSteps, member, market, participantId };
  const updates = new UpdateStore(context);
  return { market, context, updates, work: new HostWork(context, updates) };
}

async function joinAll(): Promise<void> {
  for (const subsetIndex of subsets)
    for (const [slot, { market }] of hosts.entries()) {
      const instanceId = instanceIdOf(datasetId, subsetIndex, slot);
      const participantId = market.participantId ?? '';
      const expiresAt = Date.now() + 3_600_000;
      const facts = { datasetId, subsetIndex, slot, generation: 1, participantId, expiresAt };
      const token = owner.keyring.sign(joinTokenMessage({ ...owner.place, ...facts }));
      const nonce = market.keyring.packageNonce(instanceId, 1);
      const commitment = packageCommitment(
        { ...market.place, instanceId, generation: 1, participantId, nonce },
        digest(`package ${subsetIndex}`),
      );
      await market.instances.join({ instanceId, generation: 1, expiresAt, token, nonce, commitment });
    }
  const packages = subsets.map((subsetIndex) => ({
    subsetIndex,
    packageDigest: digest(`package ${subsetIndex}`),
  }));
  for (const each of packages) await owner.instances.verify({ datasetId, packages: [each] });
}

async function startRound(): Promise<void> {
  const { anchor } = ownDrawChain(lab, 'modelOwner', coupleId, size);
  await lab.models.register({
    modelId: 'md_sums',
    programDigest: digest('program'),
    architectureDigest: digest('architecture'),
    protection: 'plain',
  });
  const terms = { ...size, anchor, heKeyDigest: null, idleMs: 600_000 };
  await lab.couples.request({ coupleId, datasetId, modelId: 'md_sums', ...terms });
  const own = ownDrawChain(owner, 'dataOwner', coupleId, size);
  await owner.couples.approve({ coupleId, anchor: own.anchor });
  const model = { modelDigest: digest('model'), modelHandle: 'a'.repeat(32) };
  const link = ownDrawChain(lab, 'modelOwner', coupleId, size).link(attempt);
  await lab.rounds.open({ coupleId, attempt, ...model, link });
  await owner.rounds.start({ coupleId, attempt, link: own.link(attempt) });
}

const round = (): Promise<RoundView> => lab.rounds.get({ coupleId, attempt });
const signal = new AbortController().signal;

const truth = (seen: RoundView): RoundView => seen;
/** What a lying peer says of a batch. */
const lie = (seen: RoundView): RoundView => ({
  ...seen,
  batches: seen.batches.map((batch) => ({ ...batch, quorumReached: true })),
});

/** A host's next look at one of its jobs: it commits, or uploads if it may. @returns the steps that it took */
async function look({ context, work, updates }: Host, subsetIndex: number, said = truth): Promise<string[]> {
  const reconcile = await reconcileContextOf(context, coupleId, signal);
  const { couple, round: view } = reconcile.view as { couple: TrainCouple; round: RoundView };
  const seen = said(view);
  const job = jobsOf(couple, seen, context.participantId).find(
    ({ subset }) => subset.subsetIndex === subsetIndex,
  );
  if (job === undefined) throw new Error('the round does not name the host');
  if (updates.read(job) === undefined) updates.keep(job, Buffer.from(`update ${subsetIndex}`));
  await work.advance(job, reconcile);
  return context.takeSteps();
}

beforeAll(async () => {
  test = await PinnedMarket.start();
  await test.configure(quickSettings);
  owner = await test.join('owner', ['dataOwner']);
  lab = await test.join('lab', ['modelOwner']);
  hosts = [];
  for (const name of ['host0', 'host1', 'host2']) hosts.push(hostOf(await test.join(name, ['cloudOwner'])));
  await owner.datasets.register({
    datasetId,
    templateDigest: digest('template'),
    subsets: subsets.length,
    replicas: hosts.length,
    lifetimeRounds: 10,
    aggregation: 'sum',
    requestRules: { mostRounds: 10, mostSubsetsPerRound: 3, mostIdleMs: 3_600_000, protections: ['plain'] },
    deadlines: quickDeadlines,
  });
  await joinAll();
  await startRound();
}, 120_000);
afterAll(() => test?.close());

describe('attack 1: hosts of a batch, on a ledger and a vault', () => {
  it('upload only when every subset of it has a quorum of commitments', async () => {
    for (const subset of [0, 1])
      for (const host of hosts) expect(await look(host, subset)).toEqual(['submitUpdate']);
    expect(await look(hosts[0]!, 2)).toEqual(['submitUpdate']);
    expect((await round()).batches).toEqual([
      { subsetIndexes: subsets, quorumReached: false, outcome: null },
    ]);
    for (const subset of [0, 1]) for (const host of hosts) expect(await look(host, subset)).toEqual([]);

    // The host's own subset has a quorum; one peer says that the others do.
    expect(await look(hosts[0]!, 0, lie)).toEqual([]);

    expect(await look(hosts[1]!, 2)).toEqual(['submitUpdate']);
    expect((await round()).batches).toMatchObject([{ quorumReached: true, outcome: null }]);
    for (const subset of [0, 1])
      for (const host of hosts) expect(await look(host, subset)).toEqual(['uploadUpdate']);
    expect(await look(hosts[1]!, 2)).toEqual(['uploadUpdate']);
  }, 120_000);
});
