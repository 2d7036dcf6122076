import { beforeEach, describe, expect, it } from 'vitest';
import { parseErrorMessage } from '../domain/index.js';
import { settings } from '../testing/fixtures.js';
import { StaleRead } from '../testing/memoryLedger.js';
import { TestMarket } from '../testing/market.js';

let market: TestMarket;
beforeEach(async () => {
  market = await TestMarket.open();
});

describe('ConfigureMarket', () => {
  it('is done once, by an administrator of each voting organisation', async () => {
    expect((await market.query('GetConfig', {})).version).toBe(1);
    const { config, missing } = await market.submit('admin', 'ConfigureMarket', settings);
    expect([config?.version, missing]).toEqual([1, []]);
    expect(await market.refusal('admin', 'ConfigureMarket', { ...settings, leastReplicas: 5 })).toBe(
      'CONFLICT',
    );
  });

  it('attack 7: says that a market of fewer than three organisations is for development', async () => {
    expect((await market.query('GetConfig', {})).development).toBe(false);
    const votingOrganizations = ['Org1MSP', 'Org2MSP'];
    const small = await TestMarket.open({ settings: { votingOrganizations } });
    expect((await small.query('GetConfig', {})).development).toBe(true);
  });

  it('attack 25: pins channel and chaincode, and refuses to run under another name', async () => {
    expect(await market.query('GetConfig', {})).toMatchObject({ channel: 'market', chaincode: 'veritrain' });
    const other = market.ledger.endorse(market.who('owner'), 'GetConfig', {}, { chaincode: 'copy' });
    await expect(other).rejects.toThrow('VT0104 WRONG_CHAINCODE');
  });

  it('refuses before anything is configured, and who is no administrator', async () => {
    const { ledger } = market;
    ledger.state.clear();
    expect(await market.refusal('owner', 'ConfigureMarket', settings)).toBe('NOT_ADMINISTRATOR');
    expect(await market.refusal('owner', 'Tick', {})).toBe('MARKET_NOT_CONFIGURED');
    await market.member('stranger', { unit: 'admin', mspId: 'Org9MSP' });
    expect(await market.refusal('stranger', 'ConfigureMarket', settings)).toBe('NOT_ADMINISTRATOR');
    await market.member('a/b/OU=admin');
    expect(await market.refusal('a/b/OU=admin', 'ConfigureMarket', settings)).toBe('NOT_ADMINISTRATOR');
    expect(await market.refusal('admin', 'ConfigureMarket', { ...settings, windowMs: 251 })).toBe(
      'WINDOW_TOO_WIDE',
    );
    await market.member('granted', { attributes: { 'veritrain.administrator': 'true' } });
    await market.submit('granted', 'ConfigureMarket', settings);
  });
});

describe('a configuration that not every organisation has confirmed', () => {
  beforeEach(() => {
    market.ledger.state.clear();
    market.ledger.changes.length = 0;
  });

  const confirm = (who: string, over: Partial<typeof settings> = {}) =>
    market.submit(who, 'ConfigureMarket', { ...settings, ...over });
  const whyNot = async () => {
    const failure = await market.query('GetConfig', {}).catch((error: unknown) => error as Error);
    return parseErrorMessage((failure as Error).message);
  };

  it('attack 49: does not hold: the first administrator opens it alone, and cannot name voters that do not exist', async () => {
    const invented = { votingOrganizations: ['Org1MSP', 'NobodyMSP', 'NowhereMSP'] };
    expect(await confirm('admin', invented)).toMatchObject({
      config: null,
      missing: ['NobodyMSP', 'NowhereMSP'],
    });
    expect(await whyNot()).toMatchObject({
      name: 'MARKET_NOT_CONFIGURED',
      facts: { confirmed: 'Org1MSP', missing: 'NobodyMSP, NowhereMSP' },
    });
    expect(await market.refusal('admin', 'Tick', {})).toBe('MARKET_NOT_CONFIGURED');
  });

  it('attack 49: holds when each that it names has confirmed the same, in whatever order', async () => {
    expect(await confirm('admin')).toMatchObject({ config: null, missing: ['Org2MSP', 'Org3MSP'] });
    const turned = { votingOrganizations: ['Org3MSP', 'Org2MSP', 'Org1MSP'] };
    expect((await confirm('admin2', turned)).missing).toEqual(['Org3MSP']);
    expect((await confirm('admin3', { leastReplicas: 9 })).missing).toEqual(['Org1MSP', 'Org2MSP']);
    expect(await whyNot()).toMatchObject({ facts: { missing: 'Org3MSP' } });
    const { items } = await market.query('ListConfirmations', {});
    expect(items.map(({ mspId, settings: { leastReplicas } }) => [mspId, leastReplicas])).toEqual([
      ['Org1MSP', 1],
      ['Org2MSP', 1],
      ['Org3MSP', 9],
    ]);
    expect(await confirm('admin3')).toMatchObject({ config: { version: 1 }, missing: [] });
    const told = market.ledger.changes.map(({ type }) => type);
    expect(told).toEqual([...Array<string>(4).fill('ConfigConfirmed'), 'MarketConfigured']);
    expect((await market.query('ListConfirmations', {})).items).toEqual([]);
  });

  it('attack 49: blocks nobody: the others confirm one without an organisation that stays silent', async () => {
    await confirm('admin', { votingOrganizations: ['Org1MSP', 'NobodyMSP'] });
    await confirm('admin2');
    const { config } = await confirm('admin3', { votingOrganizations: ['Org2MSP', 'Org3MSP'] });
    expect(config).toBeNull();
    expect(await confirm('admin2', { votingOrganizations: ['Org2MSP', 'Org3MSP'] })).toMatchObject({
      config: { version: 1, development: true },
    });
  });

  it('is one transaction for a retry, and two that would both be the last cannot both miss the other', async () => {
    await confirm('admin');
    await confirm('admin');
    expect(market.ledger.changes).toHaveLength(1);
    const last = ['admin2', 'admin3'].map((who) =>
      market.ledger.endorse(market.who(who), 'ConfigureMarket', settings),
    );
    const [first, second] = await Promise.all(last);
    market.ledger.commit(first!);
    expect(() => {
      market.ledger.commit(second!);
    }).toThrow(StaleRead);
    expect((await confirm('admin3')).config).not.toBeNull();
  });
});

describe('a market that one organisation opened for itself', () => {
  beforeEach(async () => {
    market.ledger.state.clear();
    await market.submit('admin', 'ConfigureMarket', { ...settings, votingOrganizations: ['Org1MSP'] });
  });

  it('attack 49: is for development, and more organisations than it has may take it over', async () => {
    const others = { ...settings, votingOrganizations: ['Org2MSP', 'Org3MSP'] };
    expect(
      await market.refusal('admin2', 'ConfigureMarket', { ...settings, votingOrganizations: ['Org2MSP'] }),
    ).toBe('CONFLICT');
    await market.submit('admin2', 'ConfigureMarket', others);
    expect(await market.query('GetConfig', {})).toMatchObject({ version: 1, development: true });
    await market.submit('admin3', 'ConfigureMarket', others);
    expect((await market.query('GetConfig', {})).settings).toEqual(others);
    for (const who of ['admin', 'admin2', 'admin3']) await market.submit(who, 'ConfigureMarket', settings);
    expect(await market.query('GetConfig', {})).toMatchObject({ version: 3, development: false });
    expect(await market.refusal('admin2', 'ConfigureMarket', others)).toBe('CONFLICT');
  });
});

describe('proposals', () => {
  const proposal = { proposalId: 'cf_more', settings: { ...settings, leastReplicas: 3 }, voteMs: 20_000 };

  beforeEach(async () => {
    await market.submit('admin', 'ProposeConfig', proposal);
  });

  const vote = (who: string, approve = true) =>
    market.submit(who, 'VoteConfig', { proposalId: 'cf_more', approve });

  it('are adopted by a majority of the organisations, one vote each', async () => {
    await vote('admin');
    await vote('admin');
    expect((await market.query('GetProposal', { proposalId: 'cf_more' })).state).toBe('open');
    expect((await vote('admin2')).state).toBe('adopted');
    expect(await market.query('GetConfig', {})).toMatchObject({ version: 2, settings: { leastReplicas: 3 } });
    expect(await market.refusal('admin3', 'VoteConfig', { proposalId: 'cf_more', approve: true })).toBe(
      'WRONG_STATE',
    );
  });

  it('are refused when they can no longer win; votes are final', async () => {
    await vote('admin', false);
    expect(await market.refusal('admin', 'VoteConfig', { proposalId: 'cf_more', approve: true })).toBe(
      'CONFLICT',
    );
    expect((await vote('admin2', false)).state).toBe('refused');
    expect((await market.query('GetConfig', {})).version).toBe(1);
  });

  it('two votes that would both be the last cannot both miss the other', async () => {
    const last = [market.who('admin'), market.who('admin2')].map((who) =>
      market.ledger.endorse(who, 'VoteConfig', { proposalId: 'cf_more', approve: true }),
    );
    const [first, second] = await Promise.all(last);
    market.ledger.commit(first!);
    expect(() => {
      market.ledger.commit(second!);
    }).toThrow();
    expect((await vote('admin2')).state).toBe('adopted');
  });

  it('lapse after their deadline, and are stale after another was adopted', async () => {
    await market.submit('admin', 'ProposeConfig', { ...proposal, proposalId: 'cf_other' });
    await vote('admin');
    await vote('admin2');
    expect(await market.refusal('admin', 'VoteConfig', { proposalId: 'cf_other', approve: true })).toBe(
      'PROPOSAL_STALE',
    );
    await market.submit('admin', 'ProposeConfig', { ...proposal, proposalId: 'cf_late' });
    await market.pass(21_000);
    expect(await market.refusal('admin', 'VoteConfig', { proposalId: 'cf_late', approve: true })).toBe(
      'DEADLINE_PASSED',
    );
    expect(await market.refusal('owner', 'VoteConfig', { proposalId: 'cf_late', approve: true })).toBe(
      'NOT_ADMINISTRATOR',
    );
  });

  it('answer a retry and refuse another content', async () => {
    await market.submit('admin', 'ProposeConfig', proposal);
    expect(await market.refusal('admin', 'ProposeConfig', { ...proposal, voteMs: 30_000 })).toBe('CONFLICT');
    expect(await market.refusal('admin2', 'ProposeConfig', proposal)).toBe('CONFLICT');
  });

  it('attack 49: add an organisation only with its consent', async () => {
    await market.member('admin4', { unit: 'admin', mspId: 'Org4MSP' });
    const four = { ...settings, votingOrganizations: [...settings.votingOrganizations, 'Org4MSP'] };
    await market.submit('admin', 'ProposeConfig', { proposalId: 'cf_four', settings: four, voteMs: 20_000 });
    const votes = (who: string, approve = true) =>
      market.submit(who, 'VoteConfig', { proposalId: 'cf_four', approve });
    for (const who of ['admin', 'admin2', 'admin3']) await votes(who);
    expect(await market.query('GetProposal', { proposalId: 'cf_four' })).toMatchObject({
      state: 'open',
      joining: ['Org4MSP'],
    });
    expect((await votes('admin4')).state).toBe('adopted');
    expect((await market.query('GetConfig', {})).settings).toEqual(four);
  });

  it('attack 49: are refused where an organisation that they add declines', async () => {
    await market.member('admin4', { unit: 'admin', mspId: 'Org4MSP' });
    const four = { ...settings, votingOrganizations: [...settings.votingOrganizations, 'Org4MSP'] };
    await market.submit('admin', 'ProposeConfig', { proposalId: 'cf_four', settings: four, voteMs: 20_000 });
    const declined = await market.submit('admin4', 'VoteConfig', { proposalId: 'cf_four', approve: false });
    expect(declined.state).toBe('refused');
  });
});
