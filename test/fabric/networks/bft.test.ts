import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TrainCouple } from '@veritrain/client-sdk';
import { status, up } from '@veritrain/network';
import type { AgentProcess } from '../../support/agentProcess.js';
import { ended, offer, request, waitUntil } from '../../support/couples.js';
import { describeFabric } from '../../support/fabric.js';
import { killNode } from '../../support/fabricNodes.js';
import { fabricLedger, type StoryLedger } from '../../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../../support/storyMarket.js';
import { undisturbed } from '../../support/undisturbed.js';

// Of four SmartBFT orderers one may fail in any way: here the leader dies while a couple trains.

const withinMs = 500_000;
const coupleId = 'tc_bft';
const datasetId = 'ds_diabetes';
const rounds = 4;

let market: StoryMarket<StoryLedger>;
let owner: StoryMember;
let lab: StoryMember;
let couple: TrainCouple;
const agents: AgentProcess[] = [];

describeFabric('one SmartBFT orderer of four is killed while a couple trains', () => {
  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger({ consensus: 'bft' }) });
    owner = await market.join('hospital', ['dataOwner'], { organization: 'org1.example.com' });
    lab = await market.join('lab', ['modelOwner'], { organization: 'org2.example.com' });
    const hosts: StoryMember[] = [];
    for (const name of ['host1', 'host2', 'host3'])
      hosts.push(await market.join(name, ['cloudOwner'], { organization: 'org3.example.com' }));
    for (const member of [owner, lab, ...hosts]) agents.push(market.run(member));
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 120_000 });
    await request(lab, { coupleId, datasetId, rounds, subsetsPerRound: 2 });
    await agents[1]!.did('openRound', 2);
    const folder = `${market.folder}/ledger`;
    const { leader } = await status(folder);
    await killNode(folder, leader!);
    await waitUntil(
      'another orderer leads',
      async () => ![null, leader].includes((await status(folder)).leader),
      180_000,
    );
    await agents[1]!.did('openRound', 3);
    await up({ folder });
    couple = await ended(lab, coupleId, withinMs);
  }, withinMs);
  afterAll(() => market?.stop());

  it('the model is the same, and no agent died of it', async () => {
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
    for (const agent of agents) expect(agent.isRunning).toBe(true);
  });
});
