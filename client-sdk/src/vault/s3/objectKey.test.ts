import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { placedHandles, placeOf } from '../handles.js';
import { handleOf, keyOf } from './objectKey.js';

const key = randomBytes(32);
const name = randomBytes(32).toString('hex');
const handles = placedHandles(key, 'pt_host');
const [host, owner] = [placeOf(key, 'pt_host'), placeOf(key, 'pt_owner')];

describe('an object’s key in a bucket', () => {
  it.each([
    ['in a place', handles.own(name, { to: 'pt_owner' }), `${host}/${owner}/${name}`],
    [
      'in a place, for a round',
      handles.own(name, { to: 'pt_owner', brief: true }),
      `brief/${host}/${owner}/${name}`,
    ],
    ['without places', name, `${name.slice(0, 2)}/${name}`],
  ])('follows from its handle, and back: %s', (_, handle, path) => {
    expect(keyOf(handle)).toBe(path);
    expect(handleOf(path)).toBe(handle);
  });

  it.each(['backups/of/somebody', `xy/${name}`, 'brief/x', ''])('is none of a vault: "%s"', (path) => {
    expect(handleOf(path)).toBeUndefined();
  });
});
