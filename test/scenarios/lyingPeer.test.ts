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
    await market?.stop();
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
    'attack 58: a data owner opens no link ahead of its couple, whatever its gateway says of attempts and terms',
    async () => {
      const [ahead, shorter] = ['tc_ahead', 'tc_shorter'];
      const opened: { coupleId: string; attempt: number }[] = [];
      const asked = new Map<string, number>();
      const lie: Lie = (answer, { name }) => {
        const record = answer as { coupleId?: string; state?: string; terms?: object };
        if (name !== 'CoupleContract:GetCouple' || record.state !== 'approved') return answer;
        if (record.coupleId === ahead) return { ...record, attempts: rounds + spareAttempts };
        // Of a chain with one link, the first attempt's link is the one that all others follow from.
        return { ...record, terms: { ...record.terms, rounds: 1, spareAttempts: 0 } };
      };
      await deceive(owner, {
        answer: lie,
        heard: ({ name, input }) => {
          const { coupleId, attempt } = input as { coupleId: string; attempt: number };
          if (name === 'RoundContract:StartRound') opened.push({ coupleId, attempt });
          if (name === 'RoundContract:GetRound') asked.set(coupleId, (asked.get(coupleId) ?? 0) + 1);
        },
      });
      market.run(owner);
      await market.agentsStarted();
      for (const coupleId of [ahead, shorter])
        await request(lab, { coupleId, datasetId, rounds, subsetsPerRound: 1, spareAttempts });
      market.run(lab);
      const lookedAt = (coupleId: string): boolean => (asked.get(coupleId) ?? 0) > 3;
      await waitUntil('the owner looked at rounds', () => lookedAt(ahead) && lookedAt(shorter), withinMs);
      expect(opened).toEqual([]);
    },
    withinMs,
  );
});
