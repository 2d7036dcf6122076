import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TrainCouple } from '@veritrain/client-sdk';
import { status, up } from '@veritrain/network';
import type { AgentProcess } from '../support/agentProcess.js';
import { ended, offer, request, waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { killNode } from '../support/fabricNodes.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';
import { verdictsOn } from '../support/verdicts.js';

// Nodes of a real network die while a couple trains, in a round of its own for each. Three orderers, three
// organisations: no death of one stops the market, but that of a majority does, until they are back.

const withinMs = 400_000;
const datasetId = 'ds_diabetes';
const coupleId = 'tc_kills';
const rounds = 6;

let market: StoryMarket<StoryLedger>;
let owner: StoryMember;
let lab: StoryMember;
let couple: TrainCouple;
const hosts: StoryMember[] = [];
const agents = new Map<string, AgentProcess>();
/** What agents said while a majority of the peers was gone. */
let said: string[] = [];

const folder = (): string => join(market.folder, 'ledger');

const restart = (): Promise<unknown> => up({ folder: folder() });

/** The organisations of the owner, the model owner and the hosts. */
const [first, second, third] = ['org1.example.com', 'org2.example.com', 'org3.example.com'] as const;

/** Once the round was opened: what dies in it. */
const disasters: (() => Promise<void>)[] = [
  async () => {
    await killNode(folder(), `peer0.${third}`);
    await delay(1_000);
    await restart();
  },
  async () => {
    await killNode(folder(), `chaincode_1.${second}`);
    await delay(1_000);
    await restart();
  },
  async () => {
    const { leader } = await status(folder());
    await killNode(folder(), leader!);
    // The other two go on under another; the one that died comes back as a follower.
    await waitUntil(
      'another orderer leads',
      async () => ![null, leader].includes((await status(folder())).leader),
    );
    await restart();
  },
  async () => {
    await Promise.all([first, third].map((domain) => killNode(folder(), `peer0.${domain}`)));
    await waitUntil(
      'agents say what they miss',
      () => {
        said = [...agents.values()].flatMap((agent) => agent.warnings());
        return Promise.resolve(said.some((line) => /^VT81(01|10) /.test(line)));
      },
      120_000,
    );
    await restart();
  },
];

describeFabric('nodes of a real network are killed while a couple trains', () => {
  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger({ orderers: 3 }) });
    owner = await market.join('hospital', ['dataOwner'], { organization: first });
    lab = await market.join('lab', ['modelOwner'], { organization: second });
    for (const name of ['host1', 'host2', 'host3'])
      hosts.push(await market.join(name, ['cloudOwner'], { organization: third }));
    for (const member of [owner, lab, ...hosts]) agents.set(member.name, market.run(member));
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 120_000 });
    await request(lab, { coupleId, datasetId, rounds, subsetsPerRound: 2 });
    for (const [index, disaster] of disasters.entries()) {
      await agents.get('lab')!.did('openRound', index + 1);
      await disaster();
    }
    couple = await ended(lab, coupleId, withinMs);
  }, withinMs);
  afterAll(() => market?.stop());

  it('a peer, a chaincode process, the Raft leader, a majority of the peers: the model is the same', async () => {
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
  });

  it('no round was spent in vain, every job agreed, and no agent died of it', async () => {
    expect(couple.attempts).toBe(rounds);
    for (const host of hosts)
      expect(await verdictsOn(host, coupleId)).toEqual(Array.from({ length: 2 * rounds }, () => 'agreed'));
    for (const agent of agents.values()) expect(agent.isRunning).toBe(true);
  });

  it('while a majority was gone, agents said what they missed', () => {
    expect(said.filter((line) => /^VT81(01|10) /.test(line))).not.toEqual([]);
  });
});
