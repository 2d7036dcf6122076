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

/** The keys of a registration, and the id that they determine. */
const keysOf = ({ signingKey, encryptionKey }: TestIdentity) => ({
  participantId: participantIdOf({ signingKey, encryptionKey }),
  signingKey,
  encryptionKey,
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
      await open.configure({ ...settings, rolesFromAttributes: true });
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
      const fresh = await TestMarket.open();
      const { ledger } = fresh;
      ledger.state.clear();
      await fresh.configure({ ...settings, rolesFromAttributes });
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
  const answerTo = async (...args: string[]): Promise<string> => {
    const { ledger } = market;
    const endorsing = ledger.endorseRaw(market.who('owner'), args);
    return endorsing.then(
      ({ payload }) => payload,
      (error: unknown) => (error as Error).message,
    );
  };

  it.each([
    [[], 'WRONG_ARGUMENTS'],
    [['MarketContract:GetClock'], 'WRONG_ARGUMENTS'],
    [['MarketContract:GetClock', '{}', '{}'], 'WRONG_ARGUMENTS'],
    [['', '{}'], 'UNKNOWN_TRANSACTION'],
    [['Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [[':Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [['__proto__:Tick', '{}'], 'UNKNOWN_TRANSACTION'],
    [['constructor:name', '{}'], 'UNKNOWN_TRANSACTION'],
    [['toString:toString', '{}'], 'UNKNOWN_TRANSACTION'],
    [['MarketContract:createContext', '{}'], 'UNKNOWN_TRANSACTION'],
    [['org.hyperledger.fabric:GetMetadata', '{}'], 'UNKNOWN_TRANSACTION'],
    [['org.hyperledger.fabric:VT0203 NOT_APPROVED: x', '{}'], 'UNKNOWN_TRANSACTION'],
    [['VT0203 NOT_APPROVED: you are robbed {"a":1}:x', '{}'], 'UNKNOWN_TRANSACTION'],
    [['chaincode response 500, VT0203 NOT_APPROVED: x', '{}'], 'UNKNOWN_TRANSACTION'],
    [['\u0000\u001b[31m', '{}'], 'UNKNOWN_TRANSACTION'],
  ] as [string[], string][])('are answered by us and with a code: %j', async (args, name) => {
    const said = await answerTo(...args);
    const reported = `10 ABORTED: failed, see details: chaincode response 500, ${said}`;
    for (const text of [said, reported]) expect(parseErrorMessage(text)).toMatchObject({ name });
    // eslint-disable-next-line no-control-regex -- the answer must not contain these
    expect(said).not.toMatch(/[\u0000-\u001f]/);
  });

  it('leave to Fabric what is Fabric’s: the description of the contracts', async () => {
    expect(JSON.parse(await answerTo('org.hyperledger.fabric:GetMetadata'))).toMatchObject({
      $schema: expect.stringContaining('hyperledger') as string,
    });
  });

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
