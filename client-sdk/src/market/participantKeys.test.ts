import { type Participant, participantIdOf } from '@veritrain/chaincode/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { inMemoryKeyring } from '../keys/keyring.js';
import { testConnection } from '../testing/connection.js';
import { ScriptedGateway } from '../testing/scriptedGateway.js';
import { type Calls, callsTo } from './calls.js';

const host = inMemoryKeyring('host');
const stranger = inMemoryKeyring('stranger');
const recordOf = ({ signingKey, encryptionKey }: typeof host): Participant => ({
  participantId: participantIdOf({ signingKey, encryptionKey }),
  roles: ['cloudOwner'],
  signingKey,
  encryptionKey,
  identity: `sha256:${'0'.repeat(64)}`,
  transactionId: 'ab',
});
const genuine = recordOf(host);
const { participantId } = genuine;
const withEncryptionKey = { ...genuine, encryptionKey: stranger.encryptionKey };
const withSigningKey = { ...genuine, signingKey: stranger.signingKey };

describe('attack 56: a peer that tells other keys', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Calls to a gateway that answers whatever it likes. */
  async function answeredWith(answer: unknown): Promise<Calls> {
    const told = Buffer.from(JSON.stringify(answer));
    const server = await new ScriptedGateway({
      evaluate: () => told,
      endorse: () => told,
      commitStatus: () => 0,
    }).start();
    const ledger = testConnection(server.address);
    closing.push(() => {
      ledger.close();
      server.stop();
    });
    return callsTo(ledger);
  }

  const refused = (code: string) => ({ code, message: expect.stringContaining(participantId) as string });
  const who = { mspId: 'Org1MSP', identity: genuine.identity, administrator: false, certifiedRoles: null };

  it('is believed where the keys are those of the id', async () => {
    const calls = await answeredWith(genuine);
    expect(await calls.evaluate('GetParticipant', { participantId })).toEqual(genuine);
  });

  it.each([
    ['encryption key', withEncryptionKey],
    ['signing key', withSigningKey],
    ['encryption key, and a field that a newer contract might add', { ...withEncryptionKey, since: 1 }],
  ])('is refused: another %s', async (_what, answer) => {
    const calls = await answeredWith(answer);
    const asked = calls.evaluate('GetParticipant', { participantId });
    await expect(asked).rejects.toMatchObject({ ...refused('VT8410'), facts: { participantId } });
  });

  it('is refused in every answer that holds a participant', async () => {
    const list = await answeredWith({ items: [genuine, withEncryptionKey], bookmark: '' });
    await expect(list.evaluate('ListParticipants', {})).rejects.toMatchObject(refused('VT8410'));
    const whoAmI = await answeredWith({ ...who, participant: withSigningKey });
    await expect(whoAmI.evaluate('WhoAmI', {})).rejects.toMatchObject(refused('VT8410'));
    const registered = await answeredWith(withEncryptionKey);
    const { roles, signingKey, encryptionKey } = genuine;
    const registering = registered.submit('RegisterParticipant', {
      participantId,
      roles: [...roles],
      signingKey,
      encryptionKey,
    });
    await expect(registering).rejects.toMatchObject(refused('VT8410'));
  });

  it('is refused where it tells another member’s genuine record for the one that was asked for', async () => {
    const calls = await answeredWith(recordOf(stranger));
    const asked = calls.evaluate('GetParticipant', { participantId });
    await expect(asked).rejects.toMatchObject(refused('VT8411'));
  });
});
