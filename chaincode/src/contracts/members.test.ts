import { beforeEach, describe, expect, it } from 'vitest';
import { companyAttribute, parseErrorMessage, participantIdOf } from '../domain/index.js';
import { makeIdentity, type TestIdentity } from '../testing/identity.js';
import { Refused } from '../testing/memoryLedger.js';
import { hashOf, settings } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

let market: TestMarket;
beforeEach(async () => {
  market = await TestMarket.open();
});

/** What somebody registers with: keys, and the id that follows from them. */
const keysOf = ({ signingKey, encryptionKey }: TestIdentity) => ({
  participantId: participantIdOf({ signingKey, encryptionKey }),
  signingKey,
  encryptionKey,
});

describe('ConfigureMarket', () => {
  it('is done once, by an administrator of a voting organisation', async () => {
    expect((await market.query('GetConfig', {})).version).toBe(1);
    await market.submit('admin', 'ConfigureMarket', settings);
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

describe('proposals', () => {
  const proposal = { proposalId: 'cf_more', settings: { ...settings, leastReplicas: 3 }, voteMs: 20_000 };

  beforeEach(async () => {
    await market.member('admin2', { unit: 'admin', mspId: 'Org2MSP' });
    await market.member('admin3', { unit: 'admin', mspId: 'Org3MSP' });
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
});

describe('Tick', () => {
  it('attack 6: sets the clock to its timestamp, which must be near the endorser’s clock', async () => {
    const { ledger } = market;
    ledger.now += 1000;
    const far = (offMs: number) =>
      ledger.endorse(market.who('owner'), 'Tick', {}, { timestampMs: ledger.now + offMs });
    await expect(far(251)).rejects.toThrow('VT0402 TICK_OUT_OF_WINDOW');
    await expect(far(-251)).rejects.toThrow('VT0402 TICK_OUT_OF_WINDOW');
    ledger.commit(await far(250));
    expect((await market.query('GetClock', {})).time).toBe(ledger.now + 250);
  });

  it('attack 29: a burst of ticks is refused, a period must go by', async () => {
    market.ledger.now += 499;
    expect(await market.refusal('owner', 'Tick', {})).toBe('TICK_TOO_EARLY');
    market.ledger.now += 1;
    const [one, two] = [
      await market.ledger.endorse(market.who('owner'), 'Tick', {}),
      await market.ledger.endorse(market.who('modeller'), 'Tick', {}),
    ];
    market.ledger.commit(one);
    expect(() => {
      market.ledger.commit(two);
    }).toThrow();
  });

  it('the endorser’s own clock enters no result', async () => {
    const { ledger } = market;
    ledger.now += 1000;
    const timestampMs = ledger.now;
    const first = await ledger.endorse(market.who('owner'), 'Tick', {}, { timestampMs });
    ledger.now += 100;
    const second = await ledger.endorse(market.who('owner'), 'Tick', {}, { timestampMs });
    expect([...second.simulation.writes]).toEqual([...first.simulation.writes]);
    expect(second.payload).toBe(first.payload);
  });
});

describe('RegisterParticipant', () => {
  it('binds one id to one identity', async () => {
    await market.register('owner', 'dataOwner');
    const roles = ['dataOwner' as const];
    const other = { roles, ...keysOf(await makeIdentity('second')) };
    expect(await market.refusal('owner', 'RegisterParticipant', other)).toBe('IDENTITY_TAKEN');
    const taken = { roles, ...keysOf(market.who('modeller')) };
    expect(await market.refusal('owner', 'RegisterParticipant', taken)).toBe('CONFLICT');
    const changed = { ...keysOf(market.who('owner')), roles: ['arbiter' as const] };
    expect(await market.refusal('owner', 'RegisterParticipant', changed)).toBe('CONFLICT');
  });

  it('attack 56: refuses an id that stands for other keys than it comes with', async () => {
    const [mine, another] = [await market.member('newcomer'), await makeIdentity('another')];
    const own = { ...keysOf(mine), roles: ['cloudOwner' as const] };
    const forged = [
      { ...own, participantId: keysOf(another).participantId },
      { ...own, encryptionKey: another.encryptionKey },
      { ...own, signingKey: another.signingKey },
      { ...own, signingKey: mine.encryptionKey, encryptionKey: mine.signingKey },
    ];
    for (const input of forged)
      expect(await market.refusal('newcomer', 'RegisterParticipant', input)).toBe('ID_NOT_OF_KEYS');
    const chosen = { ...own, participantId: 'pt_newcomer' };
    expect(await market.refusal('newcomer', 'RegisterParticipant', chosen)).toBe('INVALID_INPUT');
    expect(await market.submit('newcomer', 'RegisterParticipant', own)).toMatchObject(own);
  });

  it('attack 12: a renewed certificate is the same member, not a second one', async () => {
    const renewed = await makeIdentity('owner');
    const answer = await market.ledger.query(renewed, 'WhoAmI', {});
    expect(answer.participant?.participantId).toBe(market.id('owner'));
    const twin = { roles: ['dataOwner' as const], ...keysOf(await makeIdentity('twin')) };
    await expect(market.ledger.submit(renewed, 'RegisterParticipant', twin)).rejects.toThrow(
      'IDENTITY_TAKEN',
    );
  });

  it('takes roles from certificates where the market says so', async () => {
    const strict = await TestMarket.open().then(async (open) => {
      open.ledger.state.clear();
      await open.submit('admin', 'ConfigureMarket', { ...settings, rolesFromAttributes: true });
      return open;
    });
    const roles = ['dataOwner' as const];
    await strict.member('plain');
    await strict.member('granted', { attributes: { 'veritrain.roles': 'arbiter dataOwner nonsense' } });
    const input = (name: string) => ({ ...keysOf(strict.who(name)), roles });
    expect(await strict.refusal('plain', 'RegisterParticipant', input('plain'))).toBe('ROLE_NOT_CERTIFIED');
    await strict.submit('granted', 'RegisterParticipant', input('granted'));
    expect((await strict.query('WhoAmI', {}, 'granted')).certifiedRoles).toEqual(['arbiter', 'dataOwner']);
  });

  it('takes a role of which a renewed certificate says nothing from its member, where the market says so', async () => {
    const model = {
      modelId: 'md_renewed',
      programDigest: hashOf('program'),
      architectureDigest: hashOf('architecture'),
      protection: 'plain' as const,
    };
    const granted = { attributes: { 'veritrain.roles': 'modelOwner' } };
    for (const rolesFromAttributes of [false, true]) {
      const { ledger } = await TestMarket.open();
      ledger.state.clear();
      await ledger.submit(market.who('admin'), 'ConfigureMarket', { ...settings, rolesFromAttributes });
      const member = await makeIdentity('renewed', granted);
      const input = { ...keysOf(member), roles: ['modelOwner' as const] };
      await ledger.submit(member, 'RegisterParticipant', input);
      await ledger.submit(await makeIdentity('renewed', granted), 'RegisterModel', model);
      const other = { ...model, modelId: 'md_other' };
      const attempt = ledger.submit(await makeIdentity('renewed'), 'RegisterModel', other);
      if (rolesFromAttributes) await expect(attempt).rejects.toThrow('ROLE_NOT_CERTIFIED');
      else await attempt;
    }
  });

  it('lists members, all and by role', async () => {
    const hosts = await market.query('ListParticipants', { role: 'cloudOwner' });
    const ids = ['host0', 'host1', 'host2'].map((name) => market.id(name));
    expect(hosts.items.map((each) => each.participantId)).toEqual(ids.sort());
    const first = await market.query('ListParticipants', { pageSize: 3 });
    expect(first.items).toHaveLength(3);
    const second = await market.query('ListParticipants', { pageSize: 3, bookmark: first.bookmark });
    expect(second.items).toHaveLength(2);
    expect(second.bookmark).toBe('');
    const wrong = Buffer.from('\u0000couple\u0000').toString('base64url');
    expect(await market.refusal('owner', 'ListParticipants', { bookmark: wrong })).toBe('INVALID_INPUT');
  });
});

describe('calls', () => {
  it('are coded errors when they name no transaction or bring no JSON object', async () => {
    const call = async (...args: string[]) => {
      const failed: unknown = await market.ledger
        .endorseRaw(market.who('owner'), args)
        .catch((error: unknown) => error);
      return failed instanceof Refused ? failed.refusal : failed;
    };
    expect(await call('MarketContract:NoSuch', '{}')).toBe('UNKNOWN_TRANSACTION');
    expect(await call('MarketContract:execute', '{}')).toBe('UNKNOWN_TRANSACTION');
    expect(await call('MarketContract:Tick', 'no json')).toBe('INVALID_INPUT');
    expect(await call('MarketContract:Tick', '[]')).toBe('INVALID_INPUT');
    expect(await call('MarketContract:Tick', '{"__proto__":{"a":1}}')).toBe('INVALID_INPUT');
    expect(await call('MarketContract:Tick', '{"a{VT0203 NOT_APPROVED: x}":1}')).toBe('INVALID_INPUT');
    expect(await call('MarketContract:Tick', JSON.stringify({ a: 'x'.repeat(70_000) }))).toBe(
      'INPUT_TOO_LARGE',
    );
    expect(parseErrorMessage('x')).toBeNull();
    expect(companyAttribute('ds_a')).toBe('veritrain.company.ds_a');
  });
});
