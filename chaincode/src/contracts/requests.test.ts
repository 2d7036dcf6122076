import { beforeEach, describe, expect, it } from 'vitest';
import { maxOpenRequests, ownedId } from '../domain/index.js';
import { hashOf, settings } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
let market: TestMarket;

beforeEach(async () => {
  market = await TestMarket.ready({ subsets: 4 });
});
const refusal = (over: object) =>
  market.refusal('modeller', 'RequestTraining', { ...market.requestInput(), ...over });

describe('what others can do to a request', () => {
  it('attack 42: one owner has so many unanswered requests on a dataset, and costs nobody else a place', async () => {
    const asked = (index: number) => market.requestInput({ coupleId: `tc_many${index}`, rounds: 1 });
    for (let index = 0; index < maxOpenRequests; index += 1)
      expect(await market.submit('modeller', 'RequestTraining', asked(index))).toMatchObject({
        requestNumber: index,
      });
    const refused = () => market.refusal('modeller', 'RequestTraining', asked(maxOpenRequests));
    expect(await refused()).toBe('TOO_MANY_OPEN_REQUESTS');
    await market.submit('modeller', 'RequestTraining', asked(0));
    const reason = 'lifetimeExhausted';
    await market.submit('owner', 'RejectTraining', { coupleId: 'tc_many3', reason });
    expect(await market.submit('modeller', 'RequestTraining', asked(maxOpenRequests))).toMatchObject({
      requestNumber: 3,
    });
    await market.approve('tc_many5');
    expect(await market.submit('modeller', 'RequestTraining', asked(9))).toMatchObject({ requestNumber: 5 });
    await market.pass(10_300);
    await market.submit('admin', 'CancelTraining', { coupleId: 'tc_many0' });
    expect(await market.submit('modeller', 'RequestTraining', asked(10))).toMatchObject({ requestNumber: 0 });
    await market.register('other', 'modelOwner');
    const digests = { programDigest: hashOf('p'), architectureDigest: hashOf('a') };
    await market.submit('other', 'RegisterModel', {
      modelId: 'md_other',
      ...digests,
      protection: 'encrypted',
    });
    await market.submit('other', 'RequestTraining', { ...asked(11), modelId: 'md_other' });
  });

  it('attacks 14 and 23: an owner uses neither key nor anchor again', async () => {
    const { anchor, heKeyDigest } = market.requestInput();
    await market.request();
    expect(await refusal({ ...market.requestInput({ coupleId: 'tc_other' }), anchor })).toBe('ANCHOR_USED');
    expect(await refusal({ ...market.requestInput({ coupleId: 'tc_other' }), heKeyDigest })).toBe(
      'HE_KEY_USED',
    );
    expect(await refusal({ anchor: hashOf('another anchor') })).toBe('CONFLICT');
  });

  it('attack 46: an owned id is its owner’s, whoever sees it first', async () => {
    const own = (prefix: 'ds' | 'md' | 'tc' | 'cf', ownerId: string) =>
      ownedId(prefix, 'abcdefghij', { ...market.place, ownerId });
    await market.member('thief');
    await market.register('thief', 'modelOwner', 'dataOwner');
    const digests = { programDigest: hashOf('p'), architectureDigest: hashOf('a') };
    const model = { modelId: own('md', market.id('modeller')), ...digests, protection: 'encrypted' as const };
    expect(await market.refusal('thief', 'RegisterModel', model)).toBe('ID_OF_ANOTHER');
    await market.submit('modeller', 'RegisterModel', model);
    const request = market.requestInput({ coupleId: own('tc', market.id('modeller')) });
    await market.submit('thief', 'RegisterModel', { ...model, modelId: 'md_thief' });
    const stolen = { ...request, modelId: 'md_thief' };
    expect(await market.refusal('thief', 'RequestTraining', stolen)).toBe('ID_OF_ANOTHER');
    await market.submit('modeller', 'RequestTraining', request);
    const offered = market.offerInput({ datasetId: own('ds', market.id('owner')) });
    expect(await market.refusal('thief', 'RegisterDataset', offered)).toBe('ID_OF_ANOTHER');
    await market.submit('owner', 'RegisterDataset', offered);
    await market.member('rival', { unit: 'admin', mspId: 'Org2MSP' });
    const proposal = { proposalId: own('cf', 'Org1MSP'), settings, voteMs: 20_000 };
    expect(await market.refusal('rival', 'ProposeConfig', proposal)).toBe('ID_OF_ANOTHER');
    await market.submit('admin', 'ProposeConfig', proposal);
  });

  it('attack 46: who sees a proposal gains nothing by registering its anchors or its key first', async () => {
    const seen = market.requestInput();
    const ofDataOwner = market.anchor('dataOwner', coupleId, 15);
    await market.member('thief');
    await market.register('thief', 'modelOwner');
    const digests = { programDigest: hashOf('p'), architectureDigest: hashOf('a') };
    await market.submit('thief', 'RegisterModel', {
      modelId: 'md_thief',
      ...digests,
      protection: 'encrypted',
    });
    const stolen = { ...seen, modelId: 'md_thief' };
    await market.submit('thief', 'RequestTraining', { ...stolen, coupleId: 'tc_thief' });
    const next = { ...market.requestInput({ coupleId: 'tc_thief2' }), modelId: 'md_thief' };
    await market.submit('thief', 'RequestTraining', { ...next, anchor: ofDataOwner });
    await market.request();
    expect((await market.approve()).dataOwnerChain?.anchor).toBe(ofDataOwner);
  });
});
