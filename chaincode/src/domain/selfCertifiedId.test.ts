import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, participant, participantId, participantIdOf, transactions } from './index.js';

const { roles, signingKey, encryptionKey } = transactions.RegisterParticipant.example;
const keys = { signingKey, encryptionKey };

describe('participantIdOf', () => {
  it('is the same for the same keys on every machine', () => {
    expect(participantIdOf(keys)).toBe('pt_jmgsisv3pazetktanlt4v5r4dk');
    expect(participantId.safeParse(participantIdOf(keys)).success).toBe(true);
  });

  it('attack 56: is another for every other key, and for keys that changed places', () => {
    const swapped = { signingKey: encryptionKey, encryptionKey: signingKey };
    expect(participantIdOf(swapped)).not.toBe(participantIdOf(keys));
    const coordinate = fc.base64String({ minLength: 44, maxLength: 44 }).map((text) => text.slice(0, 43));
    fc.assert(
      fc.property(fc.constantFrom('signingKey', 'encryptionKey'), coordinate, (which, x) => {
        const other = { ...keys, [which]: { ...keys[which], x } };
        return participantIdOf(other) !== participantIdOf(keys);
      }),
    );
  });
});

describe('a participant’s record', () => {
  const record = {
    participantId: participantIdOf(keys),
    roles,
    ...keys,
    identity: `sha256:${'0'.repeat(64)}`,
    transactionId: 'ab',
  };

  it('attack 56: does not follow the schema where its id stands for other keys', () => {
    expect(participant.safeParse(record).success).toBe(true);
    const read = participant.safeParse({ ...record, encryptionKey: signingKey });
    expect(read.error?.issues).toMatchObject([
      { code: 'custom', params: { foreignKeysOf: record.participantId } },
    ]);
  });
});

describe('fingerprintOf', () => {
  it('is five groups of five digits, the same for the same id', () => {
    expect(fingerprintOf(participantIdOf(keys))).toBe('04793 26808 60637 71165 28240');
  });
});
