import { join } from 'node:path';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { up } from '@veritrain/network';
import type { InputOf, OutputOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf } from '../conformance/support/calls.js';
import { asUsual } from '../support/asUsual.js';
import { callThroughForger } from '../support/callThroughForger.js';
import { adding, changedContract } from '../support/changedContract.js';
import { ended, offer, request, waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { hangNode, killNode, serveFrom } from '../support/fabricNodes.js';
import { endorseOnly } from '../support/heldBack.js';
import { withinMs } from '../support/stage.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';
import { verdictsOn } from '../support/verdicts.js';

// Three organisations, each with its own peer and its own process of the contract. Organisation 2 lies: its process
// says of every subset that is closed that the model owner is right and every host dissented. Its model owner, the
// crook, closes with digests of its own.

const datasetId = 'ds_trust';
const honestCouple = 'tc_honest';
const crookedCouple = 'tc_crooked';
const domainOf = (organization: number): string => `org${organization.toString()}.example.com`;
const lie = adding(
  `exports.judgeClose = (answers, said) => ({
     outcome: 'agreed', digest: said, verdicts: judgeSlots(answers, () => 'dissented'),
   });`,
);

describeFabric('a market of three organisations on Fabric', () => {
  let market: StoryMarket<StoryLedger>;
  let owner: StoryMember;
  let lab: StoryMember;
  let crook: StoryMember;
  let hosts: StoryMember[];
  let network: string;

  const member = (name: string, role: 'dataOwner' | 'cloudOwner' | 'modelOwner', organization = 1) =>
    market.join(name, [role], { organization: domainOf(organization) });
  const ask = (modelOwner: StoryMember, coupleId: string, rounds = 1): Promise<unknown> =>
    request(modelOwner, {
      coupleId,
      datasetId,
      rounds,
      subsetsPerRound: 2,
      spareAttempts: 0,
      idleMs: withinMs,
    });

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger() });
    network = join(market.folder, 'ledger');
    owner = await member('hospital', 'dataOwner');
    lab = await member('lab', 'modelOwner');
    crook = await member('crook', 'modelOwner', 2);
    hosts = [];
    for (const organization of [1, 2, 1])
      hosts.push(await member(`host${hosts.length.toString()}`, 'cloudOwner', organization));
    for (const each of [owner, lab, ...hosts]) market.run(each);
    market.run(crook, { fault: 'never-close' });
    await market.agentsStarted();
    await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 120_000 });
    await serveFrom(
      network,
      domainOf(2),
      changedContract(join(market.folder, 'liar'), { 'domain/verdict.js': lie }),
    );
    await Promise.all([ask(lab, honestCouple, 2), ask(crook, crookedCouple)]);
  }, withinMs);
  afterAll(() => market?.stop());

  /** Digests of the crook's own for both subsets, once every host committed. */
  async function wrongClose(): Promise<InputOf<'CloseRound'>> {
    const { couples, rounds } = crook.member.market;
    const coupleId = crookedCouple;
    const allCommitted = async (): Promise<boolean> =>
      (await couples.get({ coupleId })).startedRounds === 1 &&
      (await rounds.get({ coupleId, attempt: 1 })).jobs.length === 6;
    await waitUntil('every host committed', allCommitted, withinMs);
    const claim = digestOf(Buffer.from('what the crook wants'));
    return { coupleId, attempt: 1, results: [0, 1].map((subsetIndex) => ({ subsetIndex, claim })) };
  }

  it(
    'attack 38: what an altered contract says is not committed on its organisation’s word alone',
    async () => {
      const held = await endorseOnly(crook, 'CloseRound', await wrongClose(), { endorsers: ['Org2MSP'] });
      const answer = JSON.parse(
        Buffer.from(held.transaction.getResult()).toString(),
      ) as OutputOf<'CloseRound'>;
      expect(answer.settlements.map(({ outcome }) => outcome)).toEqual(['agreed', 'agreed']);
      const { code } = await (await held.transaction.submit()).getStatus();
      held.close();
      expect(code).toBe(StatusCode.ENDORSEMENT_POLICY_FAILURE);
    },
    withinMs,
  );

  it(
    'attack 38: nobody endorses it beside its own peer, whoever is asked',
    async () => {
      const input = await wrongClose();
      for (const other of ['Org1MSP', 'Org3MSP']) {
        const { details } = await failureOf(
          endorseOnly(crook, 'CloseRound', input, { endorsers: ['Org2MSP', other] }),
        );
        expect(details.join()).toContain('ProposalResponsePayloads do not match');
      }
      const closing = asUsual(crook, ({ market: { rounds } }) => rounds.close(input));
      await expect(closing).rejects.toMatchObject({ code: 'VT8104' });
      const { settlements } = await lab.member.market.rounds.get({ coupleId: crookedCouple, attempt: 1 });
      expect(settlements).toEqual([]);
    },
    withinMs,
  );

  it(
    'attack 38: members of the lying organisation get the honest verdict where they name the others',
    async () => {
      const input = await wrongClose();
      // A tick in between is a conflict.
      const closed = async (): Promise<boolean> => {
        const endorsers = ['Org1MSP', 'Org3MSP'];
        const { transaction, close } = await endorseOnly(crook, 'CloseRound', input, { endorsers });
        const { successful } = await (await transaction.submit()).getStatus();
        close();
        return successful;
      };
      await waitUntil('the round is closed', closed, withinMs);
      const { settlements } = await lab.member.market.rounds.get({ coupleId: crookedCouple, attempt: 1 });
      expect(settlements.map(({ state, outcome }) => [state, outcome])).toEqual([
        ['contested', null],
        ['contested', null],
      ]);
    },
    withinMs,
  );

  it(
    'attack 57: a member signs nothing but its own call, whatever its gateway prepares',
    async () => {
      expect(await callThroughForger(owner, datasetId)).toEqual({ code: 'VT8124', forged: 1, signed: 0 });
      expect((await owner.member.market.datasets.get({ datasetId })).state).not.toBe('withdrawn');
    },
    withinMs,
  );

  async function endsUndisturbed(coupleId: string): Promise<void> {
    const couple = await ended(lab, coupleId, withinMs);
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
    for (const host of hosts) expect(new Set(await verdictsOn(host, coupleId))).toEqual(new Set(['agreed']));
  }

  it(
    'attack 38: an honest couple ends as if nobody lied, its host in the lying organisation agreed, too',
    () => endsUndisturbed(honestCouple),
    withinMs,
  );

  it(
    'attack 7: an organisation whose contract answers nothing keeps no couple from its end',
    async () => {
      await killNode(network, `chaincode_1.${domainOf(2)}`);
      await up({ folder: network });
      await ask(lab, 'tc_silent');
      const isStarted = async (): Promise<boolean> =>
        (await lab.member.market.couples.get({ coupleId: 'tc_silent' })).startedRounds === 1;
      await waitUntil('its round is started', isStarted, withinMs);
      await hangNode(network, `chaincode_1.${domainOf(3)}`);
      await endsUndisturbed('tc_silent');
    },
    withinMs,
  );

  it(
    'attack 7: nor does one that is gone',
    async () => {
      await killNode(network, `chaincode_1.${domainOf(3)}`);
      await killNode(network, `peer0.${domainOf(3)}`);
      await ask(lab, 'tc_without');
      await endsUndisturbed('tc_without');
    },
    withinMs,
  );
});
