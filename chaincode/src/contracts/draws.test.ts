import { beforeEach, describe, expect, it } from 'vitest';
import { checkDraws, drawSeed } from '../domain/index.js';
import { handle, hashOf } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
let market: TestMarket;

beforeEach(async () => {
  market = await TestMarket.approved({ subsets: 3, rounds: 2, spareAttempts: 2, subsetsPerRound: 2 });
});

const open = (attempt: number, over: object = {}) => ({
  coupleId,
  attempt,
  modelDigest: hashOf(`model tc_test ${attempt}`),
  modelHandle: handle(`model tc_test ${attempt}`),
  link: market.linkOf('modelOwner', attempt),
  ...over,
});

describe('attack 45: both sides anchor a chain', () => {
  it('opens this attempt’s link of the model owner’s, which nobody can open for it', async () => {
    const wrong = [market.linkOf('modelOwner', 2), market.linkOf('dataOwner', 1), hashOf('guess')];
    for (const link of wrong)
      expect(await market.refusal('modeller', 'OpenRound', open(1, { link }))).toBe('WRONG_LINK');
    await market.openRound(1);
    expect(await market.refusal('modeller', 'OpenRound', open(1, { link: hashOf('x') }))).toBe('CONFLICT');
  });

  it('an attempt that nobody started burns both links', async () => {
    await market.openRound(1);
    await market.pass(10_300);
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 1 });
    const burnt = market.linkOf('modelOwner', 1);
    expect(await market.refusal('modeller', 'OpenRound', open(2, { link: burnt }))).toBe('WRONG_LINK');
    const { modelOwnerLink, dataOwnerLink } = await market.start(2);
    expect([modelOwnerLink, dataOwnerLink]).toEqual([
      market.linkOf('modelOwner', 2),
      market.linkOf('dataOwner', 2),
    ]);
  });

  it('who knows every model digest, and chose one of many chains, foretells no draw', async () => {
    const { modelOwnerChain } = await market.query('GetCouple', { coupleId });
    const place = { ...market.place, coupleId };
    // Everything that a data owner knows when it anchors its chain: every digest, and the fields in clear.
    const known = (dataOwnerLink: string) =>
      drawSeed({
        ...place,
        attempt: 1,
        dataOwnerLink,
        modelOwnerLink: modelOwnerChain.anchor,
        modelDigest: open(1).modelDigest,
      });
    const { seed, modelOwnerLink } = await market.start(1);
    expect(known(market.linkOf('dataOwner', 1))).not.toBe(seed);
    expect(modelOwnerLink).not.toBe(modelOwnerChain.anchor);
  });

  it('a chain that was copied from the other side opens nothing', async () => {
    const copied = await TestMarket.ready({ subsets: 3 });
    const { modelOwnerChain } = await copied.request({ rounds: 2, spareAttempts: 2 });
    await copied.submit('owner', 'ApproveTraining', { coupleId, anchor: modelOwnerChain.anchor });
    await copied.openRound(1);
    const link = copied.linkOf('modelOwner', 1);
    expect(await copied.refusal('owner', 'StartRound', { coupleId, attempt: 1, link })).toBe('WRONG_LINK');
  });

  it('anyone draws again from both links, and finds whichever record was changed', async () => {
    await market.playRound(1);
    await market.openRound(2);
    await market.pass(10_300);
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 2 });
    await market.start(3);
    const couple = await market.query('GetCouple', { coupleId });
    const { items: rounds } = await market.query('ListRounds', { coupleId });
    const faults = (changed: typeof rounds) =>
      checkDraws(market.place, couple, changed).map(({ fault }) => fault);
    expect(faults(rounds)).toEqual([null, null, null]);
    expect(checkDraws(market.place, couple, rounds).map(({ started }) => started)).toEqual([
      true,
      false,
      true,
    ]);
    const [first, second, third] = rounds as [(typeof rounds)[0], (typeof rounds)[0], (typeof rounds)[0]];
    const other = hashOf('other');
    expect(faults([first, second, { ...third, dataOwnerLink: other }])).toEqual([
      null,
      null,
      'dataOwnerLink',
    ]);
    expect(faults([first, { ...second, modelOwnerLink: other }, third])).toEqual([
      null,
      'modelOwnerLink',
      'modelOwnerLink',
    ]);
    expect(faults([{ ...first, modelDigest: other }, second, third])[0]).toBe('seed');
    expect(faults([{ ...first, drawn: [...first.drawn].reverse() }, second, third])[0]).toBe('subsets');
    expect(faults([first, third])).toEqual([null, 'missing', null]);
    expect(checkDraws({ ...market.place, channel: 'other' }, couple, rounds)[0]?.fault).toBe(
      'modelOwnerLink',
    );
  });
});
