import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newHandle } from '../handle.js';
import { placedHandles, placeOf } from '../handles.js';
import { handleOf, keyOf } from './objectKey.js';

const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const handle = fc.oneof(
  hex(112),
  hex(112).map((digits) => `b${digits}`),
  hex(64),
  fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/),
);

describe('the key of a handle', () => {
  it('starts with the writer’s and the reader’s place where the handle names them', () => {
    const key = randomBytes(32);
    const handles = placedHandles(key, 'pt_host');
    const [writer, reader, name] = [placeOf(key, 'pt_host'), placeOf(key, 'pt_owner'), newHandle()];
    expect(keyOf(handles.own(name, { to: 'pt_owner' }))).toBe(`${writer}/${reader}/${name}`);
    expect(keyOf(handles.own(name, { to: 'pt_owner', brief: true }))).toBe(
      `brief/${writer}/${reader}/${name}`,
    );
  });

  it('starts with its first two characters where it names none', () => {
    const plain = newHandle();
    expect(keyOf(plain)).toBe(`${plain.slice(0, 2)}/${plain}`);
    // Neither the right length nor the right characters alone make places of it.
    const almost = `${'a'.repeat(111)}G`;
    expect(keyOf(almost)).toBe(`aa/${almost}`);
  });

  it('gives the handle back, and no two handles have one key', () => {
    fc.assert(fc.property(handle, (each) => handleOf(keyOf(each)) === each));
    fc.assert(fc.property(handle, handle, (one, other) => one === other || keyOf(one) !== keyOf(other)));
  });

  it.each([
    '',
    'ab',
    'ab/',
    'ab/cdef',
    'brief/x',
    `aa/${'a'.repeat(112)}`,
    `${'a'.repeat(24)}/x`,
    'ab/abcd/ef',
  ])('"%s" is of no handle', (key) => {
    expect(handleOf(key)).toBeUndefined();
  });
});
