import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalHash,
  joinTokenMessage,
  packageCommitment,
  updateCommitment,
  verifyJoinToken,
  type JoinTokenFacts,
  type PublicJwk,
} from './index.js';

const hash = (text: string) => canonicalHash('test', [text]);
const update = {
  channel: 'market',
  chaincode: 'veritrain',
  coupleId: 'tc_a',
  attempt: 1,
  instanceId: 'ci_a_0_0',
  participantId: 'pt_a',
  nonce: '00'.repeat(32),
};

describe('canonicalHash', () => {
  it('is injective: no two lists of fields share an encoding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 5 }),
        fc.array(fc.string(), { maxLength: 5 }),
        (a, b) => {
          expect(canonicalHash('t', a) === canonicalHash('t', b)).toBe(
            JSON.stringify(a) === JSON.stringify(b),
          );
        },
      ),
    );
    expect(canonicalHash('t', ['ab', 'c'])).not.toBe(canonicalHash('t', ['a', 'bc']));
    expect(canonicalHash('t', ['a'])).not.toBe(canonicalHash('ta', []));
  });

  it('has the bytes that the encoding says', () => {
    // SHA-256 of 00000001 74 00000001 61 ("t", "a").
    expect(canonicalHash('t', ['a'])).toBe(
      'sha256:a95c55fc0d7c5e78f6221b1fcba5a4fe8caec730b3a04ca16eb5806995b46f89',
    );
  });
});

describe('commitments', () => {
  it('attack 12: a copied commitment opens for its own participant, slot, attempt and couple only', () => {
    const digest = hash('update');
    const mine = updateCommitment(update, digest);
    const others = [
      { ...update, participantId: 'pt_b' },
      { ...update, instanceId: 'ci_a_0_1' },
      { ...update, attempt: 2 },
      { ...update, coupleId: 'tc_b' },
      { ...update, nonce: '01'.repeat(32) },
    ];
    for (const other of others) expect(updateCommitment(other, digest)).not.toBe(mine);
    expect(updateCommitment(update, hash('another'))).not.toBe(mine);
  });

  it('attack 25: a commitment repeated on another channel or chaincode opens for nothing', () => {
    const digest = hash('update');
    for (const place of [{ channel: 'other' }, { chaincode: 'other' }]) {
      expect(updateCommitment({ ...update, ...place }, digest)).not.toBe(updateCommitment(update, digest));
    }
  });

  it('attack 15: two hosts with the same update commit to different values, and none tells the digest', () => {
    const digest = hash('update');
    const commitments = Array.from({ length: 50 }, (_, host) =>
      updateCommitment({ ...update, nonce: hash(String(host)).slice(7) }, digest),
    );
    expect(new Set([...commitments, digest]).size).toBe(51);
  });

  it('a package commitment binds slot and generation', () => {
    const facts = { ...update, generation: 1 };
    const digest = hash('package');
    expect(packageCommitment({ ...facts, generation: 2 }, digest)).not.toBe(packageCommitment(facts, digest));
    expect(packageCommitment({ ...facts, instanceId: 'ci_a_0_1' }, digest)).not.toBe(
      packageCommitment(facts, digest),
    );
  });
});

describe('join tokens', () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = keys.publicKey.export({ format: 'jwk' });
  const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  const facts: JoinTokenFacts = {
    channel: 'market',
    chaincode: 'veritrain',
    datasetId: 'ds_a',
    subsetIndex: 0,
    slot: 0,
    generation: 1,
    participantId: 'pt_a',
    expiresAt: 1_800_000_000_000,
  };
  const token = sign('sha256', joinTokenMessage(facts), {
    key: keys.privateKey,
    dsaEncoding: 'ieee-p1363',
  }).toString('base64url');

  it('opens the door for what was signed and nothing else', () => {
    expect(verifyJoinToken(facts, token, jwk)).toBe(true);
    const others: Partial<JoinTokenFacts>[] = [
      { channel: 'other' },
      { chaincode: 'other' },
      { datasetId: 'ds_b' },
      { subsetIndex: 1 },
      { slot: 1 },
      { generation: 2 },
      { participantId: 'pt_b' },
      { expiresAt: facts.expiresAt + 1 },
    ];
    for (const other of others) expect(verifyJoinToken({ ...facts, ...other }, token, jwk)).toBe(false);
  });

  it('refuses a changed signature', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifyJoinToken(facts, changed.toString('base64url'), jwk)).toBe(false);
    }
    expect(verifyJoinToken(facts, '', jwk)).toBe(false);
  });
});
