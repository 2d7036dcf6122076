import { describe, expect, it } from 'vitest';
import { identitySource } from './identity.js';

describe('identitySource', () => {
  it('gives the same ids and secrets for the same seed, others for another seed or label', () => {
    const [one, again, other] = [identitySource('7'), identitySource('7'), identitySource('8')];
    expect(one.id('tc_', 'couple')).toBe(again.id('tc_', 'couple'));
    expect(one.keyringSeed('host-1')).toBe(again.keyringSeed('host-1'));
    expect(one.splitSeed()).toEqual(again.splitSeed());
    expect(other.id('tc_', 'couple')).not.toBe(one.id('tc_', 'couple'));
    expect(one.keyringSeed('host-2')).not.toBe(one.keyringSeed('host-1'));
    expect(one.id('tc_', 'couple')).toMatch(/^tc_[0-9a-f]{12}$/);
  });

  it('without a seed gives fresh ids, and leaves secrets to the keyring', () => {
    const source = identitySource(undefined);
    expect(source.id('ds_', 'dataset')).not.toBe(source.id('ds_', 'dataset'));
    expect(source.keyringSeed('host-1')).toBeUndefined();
    expect(source.splitSeed()).toBeUndefined();
  });
});
