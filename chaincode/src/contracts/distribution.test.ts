import { beforeEach, describe, expect, it } from 'vitest';
import { companyAttribute, instanceIdOf } from '../domain/index.js';
import { hashOf } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

let market: TestMarket;
beforeEach(async () => {
  market = await TestMarket.open({ subsets: 2, replicas: 3 });
  await market.offer();
});

const slot = (index: number, at: number) => instanceIdOf('ds_test', index, at);
const verify = (subsetIndex: number, packageDigest: string) => ({
  datasetId: 'ds_test',
  packages: [{ subsetIndex, packageDigest }],
});
const get = (instanceId: string) => market.query('GetInstance', { instanceId });

describe('RegisterDataset', () => {
  it('answers a retry and refuses other content, other owners and too few replicas', async () => {
    await market.offer();
    await expect(market.offer({ subsets: 3 })).rejects.toThrow('CONFLICT');
    await expect(
      market.offer({ deadlines: { ...(await market.offer()).deadlines, startMs: 1 } }),
    ).rejects.toThrow('CONFLICT');
    const strict = await TestMarket.open({ replicas: 2, settings: { leastReplicas: 3 } });
    await expect(strict.offer()).rejects.toThrow('TOO_FEW_REPLICAS');
    await expect(market.offer({ datasetId: 'ds_other', aggregation: 'each' as 'sum' })).rejects.toThrow(
      'INVALID_INPUT',
    );
  });

  it('attack 3: of sums only, takes three subsets at least, and rules that let a round draw every batch', async () => {
    const sums = { datasetId: 'ds_sums', aggregation: 'sum' as const };
    await expect(market.offer({ ...sums, subsets: 2 })).rejects.toThrow('VT0512 UNFIT_FOR_SUMS');
    await expect(market.offer({ ...sums, subsets: 3, replicas: 8 })).rejects.toThrow('UNFIT_FOR_SUMS');
    const requestRules = { ...market.offerInput().requestRules, mostSubsetsPerRound: 4 };
    await expect(market.offer({ ...sums, subsets: 5, requestRules })).rejects.toThrow('UNFIT_FOR_SUMS');
    expect(await market.offer({ ...sums, subsets: 7, requestRules })).toMatchObject({ aggregation: 'sum' });
  });

  it('attack 43: takes no deadline, and no rest of a couple, beyond what the organisations agreed to', async () => {
    const long = { ...(await market.offer()).deadlines, noticeMs: 100_001 };
    await expect(market.offer({ datasetId: 'ds_other', deadlines: long })).rejects.toThrow(
      'DEADLINE_TOO_LONG',
    );
    const requestRules = { ...(await market.offer()).requestRules, mostIdleMs: 100_001 };
    await expect(market.offer({ datasetId: 'ds_other', requestRules })).rejects.toThrow('mostIdleMs');
  });

  it('needs the role', async () => {
    const input = { ...(await market.offer()), datasetId: 'ds_mine' };
    const { ownerId: _owner, state: _state, transactionId: _id, ...fields } = input;
    expect(await market.refusal('host0', 'RegisterDataset', fields)).toBe('MISSING_ROLE');
    expect(await market.refusal('admin', 'RegisterDataset', fields)).toBe('NOT_REGISTERED');
  });
});

describe('JoinInstance', () => {
  it('takes the slot that the token names, once', async () => {
    const joined = await market.join('host0', 0, 0);
    expect(joined).toMatchObject({ state: 'joined', participantId: market.id('host0'), generation: 1 });
    await market.join('host0', 0, 0);
    expect(await market.refusal('host1', 'JoinInstance', market.joinInput('host1', 0, 0))).toBe('SLOT_TAKEN');
    const other = { ...market.joinInput('host0', 0, 0), commitment: hashOf('other') };
    expect(await market.refusal('host0', 'JoinInstance', other)).toBe('CONFLICT');
  });

  it('attack 12: a stolen, foreign, altered or expired token opens nothing', async () => {
    const stolen = market.joinInput('host0', 0, 0);
    expect(await market.refusal('host1', 'JoinInstance', stolen)).toBe('TOKEN_INVALID');
    const foreign = { ...market.joinInput('host0', 0, 0), instanceId: slot(1, 0) };
    expect(await market.refusal('host0', 'JoinInstance', foreign)).toBe('TOKEN_INVALID');
    const prolonged = { ...market.joinInput('host0', 0, 0), expiresAt: market.ledger.now + 9_999_999 };
    expect(await market.refusal('host0', 'JoinInstance', prolonged)).toBe('TOKEN_INVALID');
    const otherGeneration = market.joinInput('host0', 0, 0, undefined, 2);
    expect(await market.refusal('host0', 'JoinInstance', otherGeneration)).toBe('WRONG_GENERATION');
    const early = market.joinInput('host0', 0, 0);
    await market.pass(3_700_000);
    expect(await market.refusal('host0', 'JoinInstance', early)).toBe('TOKEN_EXPIRED');
  });

  it('attack 25: a token of another channel or chaincode opens nothing', async () => {
    const place = { channel: 'market', chaincode: 'veritrain' };
    for (const other of [
      { ...place, channel: 'other' },
      { ...place, chaincode: 'other' },
    ]) {
      const input = market.joinInput('host0', 0, 0);
      const facts = { ...other, datasetId: 'ds_test', subsetIndex: 0, slot: 0, generation: 1 };
      const token = market
        .who('owner')
        .token({ ...facts, participantId: market.id('host0'), expiresAt: input.expiresAt });
      expect(await market.refusal('host0', 'JoinInstance', { ...input, token })).toBe('TOKEN_INVALID');
    }
  });

  it('attack 12: nobody holds two slots of one subset', async () => {
    await market.join('host0', 0, 0);
    expect(await market.refusal('host0', 'JoinInstance', market.joinInput('host0', 0, 1))).toBe(
      'SUBSET_HELD',
    );
    await market.join('host0', 1, 1);
  });

  it('attack 12: two joins of one host to one subset in one block: one dies', async () => {
    const host = market.who('host0');
    const both = [0, 1].map((at) =>
      market.ledger.endorse(host, 'JoinInstance', market.joinInput('host0', 0, at)),
    );
    const [first, second] = await Promise.all(both);
    market.ledger.commit(first!);
    expect(() => {
      market.ledger.commit(second!);
    }).toThrow();
  });

  it('attack 12: one company cannot fill a subset where its hosts’ CA tells companies apart', async () => {
    const attribute = companyAttribute('ds_test');
    const tag = 'ab'.repeat(32);
    for (const [name, value] of [
      ['a1', tag],
      ['a2', tag],
      ['b1', 'cd'.repeat(32)],
      ['c1', 'not hex'],
    ] as const) {
      await market.member(name, { attributes: { [attribute]: value } });
      await market.register(name, 'cloudOwner');
    }
    await market.join('a1', 0, 0);
    expect(await market.refusal('a2', 'JoinInstance', market.joinInput('a2', 0, 1))).toBe('SUBSET_HELD');
    await market.join('a2', 1, 1);
    await market.join('b1', 0, 1);
    expect(await market.refusal('c1', 'JoinInstance', market.joinInput('c1', 0, 2))).toBe(
      'COMPANY_TAG_MISSING',
    );
  });

  it('needs a host, a dataset that is offered and a slot that exists', async () => {
    expect(await market.refusal('modeller', 'JoinInstance', market.joinInput('modeller', 0, 0))).toBe(
      'MISSING_ROLE',
    );
    expect(await market.refusal('host0', 'JoinInstance', market.joinInput('host0', 0, 3))).toBe(
      'OUT_OF_RANGE',
    );
    expect(await market.refusal('host0', 'JoinInstance', market.joinInput('host0', 2, 0))).toBe(
      'OUT_OF_RANGE',
    );
    const unknown = { ...market.joinInput('host0', 0, 0), instanceId: 'ci_none_0_0' };
    expect(await market.refusal('host0', 'JoinInstance', unknown)).toBe('NOT_FOUND');
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    expect(await market.refusal('host0', 'JoinInstance', market.joinInput('host0', 0, 0))).toBe(
      'DATASET_WITHDRAWN',
    );
  });

  it('a market may demand the company tag', async () => {
    const strict = await TestMarket.open({ settings: { companyTagRequired: true } });
    await strict.offer();
    expect(await strict.refusal('host0', 'JoinInstance', strict.joinInput('host0', 0, 0))).toBe(
      'COMPANY_TAG_MISSING',
    );
  });
});

describe('VerifyInstances', () => {
  it('attack 5: the contract opens the commitments; a digest without a quorum is refused and changes nothing', async () => {
    await market.join('host0', 0, 0);
    await market.join('host1', 0, 1);
    expect(await market.refusal('owner', 'VerifyInstances', verify(0, hashOf('word')))).toBe(
      'NO_QUORUM_FOR_DIGEST',
    );
    expect((await get(slot(0, 0))).state).toBe('joined');
    await market.submit('owner', 'VerifyInstances', verify(0, market.packageDigest(0)));
    expect((await get(slot(0, 0))).state).toBe('verified');
  });

  it('attack 5: a slot that does not open is mismatched and leaves no conduct record of anyone', async () => {
    await market.join('host0', 0, 0);
    await market.join('host1', 0, 1);
    await market.join('host2', 0, 2, hashOf('other package'));
    await market.submit('owner', 'VerifyInstances', verify(0, market.packageDigest(0)));
    expect((await get(slot(0, 2))).state).toBe('mismatched');
    for (const participantId of [market.id('host2'), market.id('owner')]) {
      expect((await market.query('ListConduct', { participantId })).items).toEqual([]);
    }
  });

  it('attack 31: the first digest that a quorum opens is pinned, whatever is said later', async () => {
    await market.join('host0', 0, 0);
    await market.join('host1', 0, 1);
    await market.submit('owner', 'VerifyInstances', verify(0, market.packageDigest(0)));
    await market.join('host2', 0, 2, hashOf('other'));
    expect(await market.refusal('owner', 'VerifyInstances', verify(0, hashOf('other')))).toBe(
      'PACKAGE_DIGEST_PINNED',
    );
    const again = await market.submit('owner', 'VerifyInstances', verify(0, market.packageDigest(0)));
    expect(again.subsets[0]?.verified.map((each) => each.slot)).toEqual([0, 1]);
    expect((await get(slot(0, 0))).state).toBe('verified');
  });

  it('opens requests when every subset has a quorum', async () => {
    for (const index of [0, 1]) {
      for (const at of [0, 1]) await market.join(`host${at}`, index, at);
    }
    await market.submit('owner', 'VerifyInstances', verify(0, market.packageDigest(0)));
    expect(await market.query('GetDataset', { datasetId: 'ds_test' })).toMatchObject({
      ready: false,
      quorum: 2,
    });
    await market.submit('owner', 'VerifyInstances', verify(1, market.packageDigest(1)));
    expect(await market.query('GetDataset', { datasetId: 'ds_test' })).toMatchObject({ ready: true });
    expect(market.ledger.changes.at(-1)).toEqual({ type: 'DatasetReady', datasetId: 'ds_test' });
  });

  it('is the owner’s, of subsets that exist, a chunk at a time', async () => {
    const input = verify(0, market.packageDigest(0));
    expect(await market.refusal('host0', 'VerifyInstances', input)).toBe('NOT_OWNER');
    expect(await market.refusal('owner', 'VerifyInstances', verify(2, hashOf('x')))).toBe('OUT_OF_RANGE');
    const many = Array.from({ length: 15 }, (_, subsetIndex) => ({
      subsetIndex,
      packageDigest: hashOf('x'),
    }));
    const tooMany = { datasetId: 'ds_test', packages: many };
    expect(await market.refusal('owner', 'VerifyInstances', tooMany)).toBe('TOO_MANY_AT_ONCE');
  });
});
