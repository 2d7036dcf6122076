import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkHandle } from './handle.js';
import { everyMember, placedHandles, placeOf, plainHandles } from './handles.js';

const key = randomBytes(32);
const name = randomBytes(32).toString('hex');

describe('handles', () => {
  it('are the names where members have no places', () => {
    expect(plainHandles.own(name, { to: 'pt_host' })).toBe(name);
    expect(plainHandles.of(name, { from: 'pt_owner', to: everyMember })).toBe(name);
  });

  it('say, to whoever has the market’s key, in whose place an object lies and who may read it', () => {
    const owner = placedHandles(key, 'pt_owner');
    const handle = owner.own(name, { to: 'pt_host' });
    expect(handle).toBe(`${placeOf(key, 'pt_owner')}${placeOf(key, 'pt_host')}${name}`);
    expect(placedHandles(key, 'pt_host').of(name, { from: 'pt_owner', to: 'pt_host' })).toBe(handle);
    expect(checkHandle(handle)).toBe(handle);
  });

  it('tell nothing without the key: another market’s places of the same members differ', () => {
    expect(placeOf(key, 'pt_owner')).toMatch(/^[0-9a-f]{24}$/);
    expect(placeOf(randomBytes(32), 'pt_owner')).not.toBe(placeOf(key, 'pt_owner'));
    expect(placeOf(key, everyMember)).not.toBe(placeOf(key, 'pt_owner'));
  });

  it('cannot be made for this member while the profile does not say who it is', () => {
    const handles = placedHandles(key, undefined);
    expect(() => handles.own(name, { to: everyMember })).toThrow(
      expect.objectContaining({ code: 'VT8220' }) as Error,
    );
    expect(handles.of(name, { from: 'pt_owner', to: everyMember })).toMatch(/^[0-9a-f]{112}$/);
  });
});
