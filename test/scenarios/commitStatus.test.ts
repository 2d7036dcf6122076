import { StatusCode } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, offer, request } from '../support/couples.js';
import { LyingGateway, type Lies } from '../support/lyingGateway.js';
import { withinMs } from '../support/stage.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';
import { conductOn, verdictsOn } from '../support/verdicts.js';

// Nobody signs what became of a transaction: it is the gateway's word. Those of the data owner and of one host say of
// transactions that they never sent on that they are committed; those of the model owner and of another host say of all
// that is committed that it is not.

const datasetId = 'ds_status';
const coupleId = 'tc_status';

describe('members whose gateway lies about what became of their transactions', () => {
  let market: StoryMarket;
  let owner: StoryMember;
  let lab: StoryMember;
  let hosts: StoryMember[];
  const liars: LyingGateway[] = [];
  const swallowed: string[] = [];
  const denied: number[] = [];
  const opened: number[] = [];

  async function deceive(member: StoryMember, lies: Lies): Promise<void> {
    const liar = await LyingGateway.start(member.profile, lies);
    liar.takeOver(member.profile);
    liars.push(liar);
  }

  /** Keeps the first transaction of a name to itself. */
  const swallowing = (transaction: string): Lies => ({
    swallow: ({ name }) => {
      const isFirst = name === transaction && !swallowed.includes(name);
      if (isFirst) swallowed.push(name);
      return isFirst;
    },
    heard: ({ name, input }) => {
      if (name === 'RoundContract:StartRound') opened.push((input as { attempt: number }).attempt);
    },
  });
  /** Says that it was a conflict, or that too few endorsed it, in turn. */
  const denying: Lies = {
    status: (honest) => {
      if (honest !== StatusCode.VALID) return honest;
      const codes = [StatusCode.MVCC_READ_CONFLICT, StatusCode.ENDORSEMENT_POLICY_FAILURE];
      return codes[denied.push(honest) % codes.length] ?? honest;
    },
  };

  beforeAll(async () => {
    market = await StoryMarket.start({ tickPeriodMs: 400 });
    owner = await market.join('hospital', ['dataOwner']);
    lab = await market.join('lab', ['modelOwner']);
    hosts = [];
    for (const name of ['alder', 'birch', 'cedar']) hosts.push(await market.join(name, ['cloudOwner']));
    const [alder, birch] = hosts as [StoryMember, StoryMember];
    await deceive(owner, swallowing('RoundContract:StartRound'));
    await deceive(alder, swallowing('RoundContract:SubmitUpdate'));
    await deceive(birch, denying);
    await deceive(lab, denying);
    for (const each of [owner, lab, ...hosts]) market.run(each);
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 120_000 });
  }, withinMs);
  afterAll(async () => {
    await market?.stop();
    for (const liar of liars) liar.stop();
  });

  it(
    'attack 58: cost time alone: nothing irrevocable is done on it, and the couple ends as if nobody lied',
    async () => {
      await request(lab, { coupleId, datasetId, rounds: 2, subsetsPerRound: 1, spareAttempts: 0 });
      const couple = await ended(lab, coupleId, withinMs);
      expect(couple.state).toBe('finished');
      const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
      expect(couple.finalModelDigest).toBe(finalModelDigest);
      for (const host of hosts) expect(await verdictsOn(host, coupleId)).toEqual(['agreed', 'agreed']);
      for (const host of hosts) expect(await conductOn(host, coupleId)).toEqual(['agreed', 'agreed']);
      for (const each of [owner, lab]) expect(await conductOn(each, coupleId)).toEqual([]);
      expect(swallowed.sort()).toEqual(['RoundContract:StartRound', 'RoundContract:SubmitUpdate']);
      expect(denied.length).toBeGreaterThan(0);
      // The link of an attempt is opened again, and never that of the next one.
      expect(opened.slice(0, 2)).toEqual([1, 1]);
      expect(opened).toEqual([...opened].sort());
    },
    withinMs,
  );
});
