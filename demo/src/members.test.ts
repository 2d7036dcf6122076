import { describe, expect, it } from 'vitest';
import { memberSeed } from './members.js';

describe('memberSeed', () => {
  it('is the same for the same seed and member, and another for another', () => {
    expect(memberSeed('7', 'host-1')).toBe(memberSeed('7', 'host-1'));
    expect(memberSeed('7', 'host-1')).not.toBe(memberSeed('7', 'host-2'));
    expect(memberSeed('7', 'host-1')).not.toBe(memberSeed('8', 'host-1'));
  });

  it('is none without a seed: the keyring draws its own secrets', () => {
    expect(memberSeed(undefined, 'host-1')).toBeUndefined();
  });
});
