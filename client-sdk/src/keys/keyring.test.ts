import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { inspect } from 'node:util';
import {
  anchoredChain,
  coupleId,
  nonce,
  openLink,
  publicJwk,
  vaultHandle,
} from '@veritrain/chaincode/domain';
import { compactDecrypt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { ownDrawChain } from '../market/ownDrawChain.js';
import { type Keyring, type NamedLedger, inMemoryKeyring } from './keyring.js';
import { decodeLocation, encodeLocation } from './location.js';
import { decryptObject, encryptObject, objectOverheadBytes } from './sealedObject.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
};

describe('keyring', () => {
  it('derives the same from the same seed, and other things from another', () => {
    const derived = (seed: string) => {
      const keyring = inMemoryKeyring(seed);
      return [
        keyring.signingKey,
        keyring.encryptionKey,
        keyring.updateNonce('tc_1', 3, 'ci_1_0_0'),
        keyring.packageNonce('ci_1_0_0', 1),
        keyring.lastDrawLink('dataOwner', 'tc_1', 9),
        keyring.lastDrawLink('modelOwner', 'tc_1', 9),
        Buffer.from(keyring.coupleSecret('tc_1')).toString('hex'),
        keyring.id('tc', 'first'),
        keyring.handle('update', 'tc_1'),
        Buffer.from(keyring.derive('shard', 'ds_1', '0')).toString('hex'),
      ];
    };
    expect(derived('seven')).toEqual(derived('seven'));
    const [one, other] = [derived('seven'), derived('eight')];
    one.forEach((value, index) => expect(value).not.toEqual(other[index]));
    expect(new Set(one.map((value) => JSON.stringify(value))).size).toBe(one.length);
    expect(inMemoryKeyring().id('tc')).not.toBe(inMemoryKeyring().id('tc'));
  });

  it('attack 25: the same ids on two ledgers give nothing in common, and the same keys', () => {
    const keyring = inMemoryKeyring('s');
    const genesis = `sha256:${'0'.repeat(64)}`;
    const here = { channel: 'market', chaincode: 'veritrain', genesis };
    const derived = (of: Keyring) => [
      of.updateNonce('tc_1', 3, 'ci_1_0_0'),
      of.packageNonce('ci_1_0_0', 1),
      of.lastDrawLink('dataOwner', 'tc_1', 9),
      Buffer.from(of.coupleSecret('tc_1')).toString('hex'),
      of.id('tc', 'first'),
      of.handle('update', 'tc_1'),
      Buffer.from(of.derive('shard', 'ds_1', '0')).toString('hex'),
    ];
    const bound = (ledger: NamedLedger) => derived(keyring.on(() => ledger));
    expect(bound(here)).toEqual(bound({ ...here }));
    const elsewhere = [{ channel: 'other' }, { chaincode: 'other' }, { genesis: genesis.replace(/0$/, '1') }];
    const all = [
      derived(keyring),
      bound(here),
      ...elsewhere.map((other) => bound({ ...here, ...other })),
    ].flat();
    expect(new Set(all).size).toBe(all.length);
    const { signingKey, encryptionKey } = keyring.on(() => here);
    expect({ signingKey, encryptionKey }).toEqual({
      signingKey: keyring.signingKey,
      encryptionKey: keyring.encryptionKey,
    });
  });

  it('keeps contexts apart, however their parts are cut', () => {
    const keyring = inMemoryKeyring('s');
    expect(keyring.handle('ab', 'c')).not.toBe(keyring.handle('a', 'bc'));
    expect(keyring.updateNonce('tc_1', 1, 'ci_1_0_0')).not.toBe(keyring.updateNonce('tc_1', 2, 'ci_1_0_0'));
  });

  it('makes what the contract accepts', () => {
    const keyring = inMemoryKeyring('s');
    expect(nonce.parse(keyring.updateNonce('tc_1', 1, 'ci_1_0_0'))).toHaveLength(64);
    expect(vaultHandle.safeParse(keyring.handle('x')).success).toBe(true);
    expect(coupleId.safeParse(keyring.id('tc', 'x')).success).toBe(true);
    expect(publicJwk.parse(keyring.signingKey)).toEqual(keyring.signingKey);
    const facts = { channel: 'c', chaincode: 'n', coupleId: 'tc_1', side: 'modelOwner' as const };
    const terms = { rounds: 7, spareAttempts: 2 };
    const { anchor, link } = ownDrawChain({ place: facts, keyring }, 'modelOwner', 'tc_1', terms);
    expect(openLink(facts, anchoredChain(anchor), 4, link(4))).not.toBeNull();
    expect(openLink(facts, anchoredChain(anchor), 9, link(9))).not.toBeNull();
  });

  it('signs with ES256', () => {
    const keyring = inMemoryKeyring();
    const message = Buffer.from('message');
    const key = createPublicKey({ key: keyring.signingKey, format: 'jwk' });
    const signature = Buffer.from(keyring.sign(message), 'base64url');
    expect(verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('shows its public keys and nothing else', () => {
    const keyring = inMemoryKeyring('shown');
    const shown = inspect(keyring, { depth: 9, showHidden: true }) + JSON.stringify(keyring);
    expect(shown).toContain(keyring.signingKey.x);
    expect(shown).not.toMatch(/["' ]d["']?:/);
    expect(Object.keys(JSON.parse(JSON.stringify(keyring)) as object).sort()).toEqual([
      'encryptionKey',
      'signingKey',
    ]);
  });
});

describe('envelopes', () => {
  const sender = inMemoryKeyring('sender');
  const receiver = inMemoryKeyring('receiver');

  it('are compact JWEs that only the receiver opens', async () => {
    const content = Buffer.from('where it lies');
    const envelope = await sender.seal(receiver.encryptionKey, content);
    expect(decodeProtectedHeader(envelope)).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' });
    expect(Buffer.from(await receiver.open(envelope)).toString()).toBe('where it lies');
    await expect(sender.open(envelope)).rejects.toThrow(coded('VT8401'));
    await expect(compactDecrypt(envelope, new Uint8Array(32))).rejects.toThrow();
  });

  it('are the same for the same content, and share no key or nonce between contents or receivers', async () => {
    const other = inMemoryKeyring('other');
    const seal = (text: string, to = receiver) => sender.seal(to.encryptionKey, Buffer.from(text));
    expect(await seal('a')).toBe(await seal('a'));
    const parts = await Promise.all([seal('a'), seal('b'), seal('a', other)]);
    for (const part of [0, 1, 2]) expect(new Set(parts.map((jwe) => jwe.split('.')[part])).size).toBe(3);
  });

  it('are refused after any change', async () => {
    const envelope = await sender.seal(receiver.encryptionKey, Buffer.from('text'));
    for (let part = 0; part < 5; part += 1) {
      const parts = envelope.split('.');
      const [first, ...rest] = parts[part]!;
      parts[part] = (first === 'A' ? 'B' : 'A') + rest.join('');
      await expect(receiver.open(parts.join('.'))).rejects.toThrow(coded('VT8401'));
    }
    await expect(receiver.open('rubbish')).rejects.toThrow(coded('VT8401'));
  });

  it('refuse a receiver whose key is no point of the curve', async () => {
    const key = { ...receiver.encryptionKey, y: Buffer.alloc(32, 7).toString('base64url') };
    await expect(sender.seal(key, Buffer.from('x'))).rejects.toThrow(coded('VT8305'));
  });

  it('carry locations', async () => {
    const location = { handle: sender.handle('u'), digest: `sha256:${'0'.repeat(64)}`, key: randomBytes(32) };
    const opened = await receiver.open(await sender.seal(receiver.encryptionKey, encodeLocation(location)));
    expect(decodeLocation(opened)).toEqual(location);
    expect(() => decodeLocation(Buffer.from('{"handle":"x"}'))).toThrow(coded('VT8401'));
  });
});

describe('encrypted objects', () => {
  it.each([0, 1, 1024 * 1024, 5_000_001])('carry %i bytes', (size) => {
    const [key, content] = [randomBytes(32), randomBytes(size)];
    expect(Buffer.from(decryptObject(key, encryptObject(key, content, 'c'), 'c')).equals(content)).toBe(true);
  });

  it('are refused after any change, cut or with another key', () => {
    const key = randomBytes(32);
    const object = encryptObject(key, randomBytes(100));
    for (let at = 0; at < object.length; at += 1)
      expect(() => decryptObject(key, flipped(object, at)), `byte ${at}`).toThrow(coded('VT8401'));
    for (const length of [0, 3, 31, object.length - 1])
      expect(() => decryptObject(key, object.subarray(0, length))).toThrow(coded('VT8401'));
    expect(() => decryptObject(randomBytes(32), object)).toThrow(coded('VT8401'));
  });

  it('encrypt the same content to the same bytes, and never reuse a nonce for another', () => {
    const key = randomBytes(32);
    const [one, again, other, elsewhere] = [
      encryptObject(key, Buffer.from('one'), 'tc_1', '1'),
      encryptObject(key, Buffer.from('one'), 'tc_1', '1'),
      encryptObject(key, Buffer.from('two'), 'tc_1', '1'),
      encryptObject(key, Buffer.from('one'), 'tc_1', '2'),
    ];
    expect(Buffer.from(one).equals(again)).toBe(true);
    const nonces = [one, other, elsewhere].map((bytes) => Buffer.from(bytes.subarray(4, 16)).toString('hex'));
    expect(new Set(nonces).size).toBe(3);
    expect(one).toHaveLength(3 + objectOverheadBytes);
    expect(() => decryptObject(key, one, 'tc_1', '2')).toThrow(coded('VT8401'));
    expect(() => decryptObject(randomBytes(31), one)).toThrow(coded('VT8305'));
  });
});
