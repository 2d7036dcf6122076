import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offer, request, waitUntil } from '../support/couples.js';
import { LyingGateway, type Lie } from '../support/lyingGateway.js';
import { withinMs } from '../support/stage.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { callThroughForger } from '../support/callThroughForger.js';

// One organisation's gateway lies to its own members: about what they sign, and about how far a couple is.

const datasetId = 'ds_lies';
const rounds = 2;
const spareAttempts = 5;

describe('members whose gateway lies', () => {
  let market: StoryMarket;
  let owner: StoryMember;
  let hosts: StoryMember[];
  let lab: StoryMember;
  const liars: LyingGateway[] = [];

  beforeAll(async () => {
    market = await StoryMarket.start({ tickPeriodMs: 400 });
    owner = await market.join('hospital', ['dataOwner']);
    lab = await market.join('lab', ['modelOwner']);
    hosts = [];
    for (const name of ['alder', 'birch', 'cedar']) hosts.push(await market.join(name, ['cloudOwner']));
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts });
  }, withinMs);
  afterAll(async () => {
    await market.stop();
    for (const liar of liars) liar.stop();
  });

  /** From here on what the member's profile leads to is a liar. */
  async function deceive(member: StoryMember, lies: Parameters<typeof LyingGateway.start>[1]): Promise<void> {
    const liar = await LyingGateway.start(member.profile, lies);
    liar.takeOver(member.profile);
    liars.push(liar);
  }

  it('attack 57: signs nothing but its own call, whatever its gateway prepares', async () => {
    const { code, forged, signed } = await callThroughForger(owner, datasetId);
    expect({ code, forged, signed }).toEqual({ code: 'VT8124', forged: 1, signed: 0 });
    const { state } = await owner.member.market.datasets.get({ datasetId });
    expect(state).not.toBe('withdrawn');
  });

  it(
    'attack 58: a data owner opens no link of an attempt that has not come, whatever its gateway says',
    async () => {
      const coupleId = 'tc_links';
      const opened: number[] = [];
      const ahead: Lie = (answer, { name }) => {
        const record = answer as { coupleId?: string; state?: string; attempts?: number };
        if (record.coupleId !== coupleId) return answer;
        if (name === 'CoupleContract:GetCouple' && record.state === 'approved')
          return { ...record, attempts: rounds + spareAttempts };
        return answer;
      };
      let askedOfRound = 0;
      await deceive(owner, {
        answer: ahead,
        heard: ({ name, input }) => {
          if (name === 'RoundContract:GetRound') askedOfRound += 1;
          if (name === 'RoundContract:StartRound') opened.push((input as { attempt: number }).attempt);
        },
      });
      market.run(owner);
      await market.agentsStarted();
      await request(lab, { coupleId, datasetId, rounds, subsetsPerRound: 1, spareAttempts });
      market.run(lab);
      await waitUntil('the owner looked at rounds', () => askedOfRound > 3, withinMs);
      const { attempts } = await lab.member.market.couples.get({ coupleId });
      expect(opened.filter((attempt) => attempt > attempts)).toEqual([]);
    },
    withinMs,
  );
});
