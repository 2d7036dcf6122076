import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { loadProfile, type RoundView, type VeritrainError } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { anchoredChain, draw, type InputOf, openLink, type OutputOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../conformance/support/calls.js';
import { asUsual } from '../support/asUsual.js';
import { changedContract } from '../support/changedContract.js';
import { offer, request, waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { serveFrom } from '../support/fabricNodes.js';
import { committedId, endorseOnly, outcomeOf, type HeldBack } from '../support/heldBack.js';
import type { Lies } from '../support/lyingGateway.js';
import { withinMs } from '../support/stage.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { throughLiar } from '../support/throughLiar.js';
import { conductOn } from '../support/verdicts.js';
import { alterations } from './support/alterations.js';
import { recorded } from './support/recorded.js';

// The crook is a model owner of organisation 2, which alters the contract as it likes. First organisation 2 alone serves
// it, then organisation 3 as well.

const datasetId = 'ds_altered';
const coupleId = 'tc_altered';
const round = { coupleId, attempt: 1 };
const aheadMs = 600_000;
const colluding = ['Org2MSP', 'Org3MSP'];

describeFabric('organisations that alter the contract, on Fabric', () => {
  let market: StoryMarket<StoryLedger>;
  let owner: StoryMember;
  let lab: StoryMember;
  let crook: StoryMember;
  let hosts: StoryMember[];
  let altered: string;
  let honestDraw: number[];

  const serveAltered = (organization: number): Promise<void> =>
    serveFrom(join(market.folder, 'ledger'), `org${organization.toString()}.example.com`, altered);
  const inOrganization = (organization: number) => ({
    organization: `org${organization.toString()}.example.com`,
  });
  const roundAt = (reader: StoryMember): Promise<RoundView> => reader.member.market.rounds.get(round);

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger() });
    owner = await market.join('hospital', ['dataOwner']);
    lab = await market.join('lab', ['modelOwner']);
    crook = await market.join('crook', ['modelOwner'], inOrganization(2));
    hosts = [];
    // Hosts of organisation 1 would see that the others disagree with it, and wait.
    for (const organization of [2, 3, 2])
      hosts.push(
        await market.join(`host${hosts.length.toString()}`, ['cloudOwner'], inOrganization(organization)),
      );
    market.run(owner, { fault: 'withhold-link' });
    const opening = market.run(crook);
    for (const host of hosts) market.run(host);
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 300_000 });
    await request(crook, {
      coupleId,
      datasetId,
      rounds: 1,
      subsetsPerRound: 1,
      spareAttempts: 0,
      idleMs: withinMs,
    });
    await waitUntil(
      'the round is opened',
      async () => {
        const { attempts } = await owner.member.market.couples.get({ coupleId });
        return attempts === 1;
      },
      withinMs,
    );
    await opening.stop();
    altered = changedContract(join(market.folder, 'altered'), alterations);
  }, withinMs);
  afterAll(() => market?.stop());

  const starting = (): InputOf<'StartRound'> => {
    const terms = { rounds: 1, spareAttempts: 0 };
    return { ...round, link: ownDrawChain(owner.member.market, 'dataOwner', coupleId, terms).link(1) };
  };
  const answerIn = <Name extends 'StartRound' | 'CloseRound' | 'Tick'>({ transaction }: HeldBack) =>
    JSON.parse(Buffer.from(transaction.getResult()).toString()) as OutputOf<Name>;
  const drawnIn = ({ drawn }: Pick<RoundView, 'drawn'>): number[] =>
    drawn.map(({ subsetIndex }) => subsetIndex);
  const ahead = (): Date => new Date(Date.now() + aheadMs);

  const askedRound = (as: StoryMember['member']): Promise<RoundView> =>
    as.market.rounds.get(round, { trust: 'endorsed' });

  /** Whether an endorsed read says that the round is settled, or the code with which it is refused. */
  const told = ({ member }: StoryMember): Promise<boolean | string> =>
    askedRound(member).then(
      ({ settled }) => settled,
      (error: unknown) => (error as { code: string }).code,
    );

  /** Who answered what, of organisations that cannot agree on how the round is. */
  async function disagreement(as: StoryMember['member']): Promise<Record<string, unknown>> {
    const failure = await askedRound(as).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'VT8127' });
    return (failure as VeritrainError).facts;
  }

  describe('a gateway that answers with what was signed for another question', () => {
    it('attack 58: is refused where it repeats an earlier answer', async () => {
      let first: Uint8Array | undefined;
      const lies: Lies = { prepare: (_asked, honest) => (first ??= honest) };
      await throughLiar(crook, lies, async (as) => {
        await askedRound(as);
        await expect(askedRound(as)).rejects.toMatchObject({ code: 'VT8124' });
      });
    });

    it('attack 58: is refused where it exchanges the answers to two questions', async () => {
      const answers: Uint8Array[] = [];
      let bothThere = (): void => undefined;
      const both = new Promise<void>((resolve) => (bothThere = resolve));
      const lies: Lies = {
        prepare: async (_asked, honest) => {
          const mine = answers.push(honest);
          if (mine === 2) bothThere();
          await both;
          return answers[mine % 2]!;
        },
      };
      await throughLiar(crook, lies, async (as) => {
        const questions = [askedRound(as), as.market.couples.get({ coupleId }, { trust: 'endorsed' })];
        const ends = await Promise.allSettled(questions);
        for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'VT8124' } });
      });
    });
  });

  describe('one of three', () => {
    beforeAll(() => serveAltered(2), withinMs);

    it(
      'attack 6: ticks at any time, and no clock moves',
      async () => {
        const before = await lab.member.market.clock.get({});
        const alone = await endorseOnly(crook, 'Tick', {}, { timestamp: ahead(), endorsers: ['Org2MSP'] });
        expect(await outcomeOf(alone)).toBe(StatusCode.ENDORSEMENT_POLICY_FAILURE);
        for (const other of ['Org1MSP', 'Org3MSP']) {
          const choices = { timestamp: ahead(), endorsers: ['Org2MSP', other] };
          const { details } = await failureOf(endorseOnly(crook, 'Tick', {}, choices));
          expect(details.join()).toContain('VT0402');
        }
        const after = await lab.member.market.clock.get({});
        expect(after.time - before.time).toBeLessThan(aheadMs);
      },
      withinMs,
    );

    it(
      'attack 45: draws what it wants, and nothing is drawn',
      async () => {
        const alone = await endorseOnly(owner, 'StartRound', starting(), { endorsers: ['Org2MSP'] });
        const wanted = drawnIn(answerIn<'StartRound'>(alone));
        expect(await outcomeOf(alone)).toBe(StatusCode.ENDORSEMENT_POLICY_FAILURE);
        for (const other of ['Org1MSP', 'Org3MSP']) {
          const endorsers = ['Org2MSP', other];
          const { details } = await failureOf(endorseOnly(owner, 'StartRound', starting(), { endorsers }));
          expect(details.join()).toContain('ProposalResponsePayloads do not match');
        }
        const honest = await endorseOnly(owner, 'StartRound', starting(), {
          endorsers: ['Org1MSP', 'Org3MSP'],
        });
        honest.close();
        honestDraw = drawnIn(answerIn<'StartRound'>(honest));
        expect(wanted).not.toEqual(honestDraw);
        expect((await roundAt(lab)).state).toBe('opened');
      },
      withinMs,
    );

    it(
      'attack 58: tells its members what is not so, and an endorsed read names it',
      async () => {
        expect((await roundAt(crook)).settled).toBe(true);
        const facts = await asUsual(crook, disagreement);
        expect(facts.Org1MSP).toBe(facts.Org3MSP);
        expect(facts.Org2MSP).not.toBe(facts.Org1MSP);
        // The gateway of an honest organisation goes on to the next one whose peer agrees with its own.
        expect(await told(lab)).toBe(false);
      },
      withinMs,
    );

    it(
      'attack 58: puts its answer into nobody else’s mouth',
      async () => {
        const askInstead = (organization: string): string =>
          ({ Org1MSP: 'Org2MSP', Org2MSP: 'Org1MSP' })[organization] ?? organization;
        const facts = await throughLiar(crook, { askInstead }, disagreement);
        expect(facts).toMatchObject({ Org1MSP: 'signed by Org2MSP', Org2MSP: 'signed by Org1MSP' });
      },
      withinMs,
    );
  });

  describe('two of three', () => {
    beforeAll(() => serveAltered(3), withinMs);

    const signedByThem = (transactionId: string) => recorded(lab.member.home.profilePath, transactionId);
    const inBlock = () => ({
      code: StatusCode.VALID,
      endorsers: colluding,
      creatorPem: new X509Certificate(loadProfile(crook.member.home.profilePath).certificatePem).toString(),
    });

    it(
      'attack 38: write a draw in the owner’s place, and the block names them',
      async () => {
        const link = digestOf(Buffer.from('no link of the owner’s'));
        const id = await committedId(() =>
          endorseOnly(crook, 'StartRound', { ...round, link }, { endorsers: colluding }),
        );
        // As the peer of the honest organisation has it.
        await waitUntil('the round is started', async () => (await roundAt(lab)).state === 'started');
        const started = await roundAt(lab);
        expect(await signedByThem(id)).toEqual(inBlock());
        // What everybody can work out from the record says otherwise.
        const facts = { ...owner.member.market.place, coupleId, side: 'dataOwner' as const };
        const { dataOwnerChain, terms } = await lab.member.market.couples.get({ coupleId });
        expect(openLink(facts, anchoredChain(dataOwnerChain?.anchor ?? ''), 1, link)).toBeNull();
        const { drawn } = draw({
          seed: started.seed ?? '',
          subsets: terms.subsets,
          aggregation: terms.aggregation,
          count: terms.subsetsPerRound,
          remainder: [],
        });
        expect(drawnIn(started)).not.toEqual(drawn);
      },
      withinMs,
    );

    it(
      'attack 58: sign what is not so, and are a majority: an endorsed read says the same',
      async () => {
        await waitUntil('their answer is taken', async () => (await told(crook)) === true, withinMs);
        // Their own peer is among those that the gateway of the honest organisation asks.
        const facts = await asUsual(lab, disagreement);
        expect(facts.Org2MSP).toBe(facts.Org3MSP);
        expect(facts.Org1MSP).not.toBe(facts.Org2MSP);
      },
      withinMs,
    );

    it(
      'attack 38: write a verdict against every honest host, and the block names them',
      async () => {
        const { subsetIndex } = (await roundAt(lab)).drawn[0]!;
        await waitUntil('every host committed', async () => (await roundAt(lab)).jobs.length === 3, withinMs);
        const claim = digestOf(Buffer.from('what the crook wants'));
        const input = { ...round, results: [{ subsetIndex, claim }] };
        const id = await committedId(() => endorseOnly(crook, 'CloseRound', input, { endorsers: colluding }));
        expect(await signedByThem(id)).toEqual(inBlock());
        for (const host of hosts) expect(await conductOn(host, coupleId)).toEqual(['dissented']);
      },
      withinMs,
    );

    it(
      'attack 6: set the clock ahead, and stop it for everybody else',
      async () => {
        const before = Date.now();
        const id = await committedId(() =>
          endorseOnly(crook, 'Tick', {}, { timestamp: ahead(), endorsers: colluding }),
        );
        expect(await signedByThem(id)).toEqual(inBlock());
        expect((await lab.member.market.clock.get({})).time).toBeGreaterThanOrEqual(before + aheadMs);
        await expect(lab.member.market.clock.tick({})).rejects.toMatchObject({ code: 'VT0401' });
      },
      withinMs,
    );
  });
});
