import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { writeAtomically, writeLightly } from './ownFiles.js';

const folder = testFolder('files');

describe.each([
  ['writeAtomically', writeAtomically],
  ['writeLightly', writeLightly],
] as const)('%s', (_name, write) => {
  it('makes the folders, for its owner’s eyes only, and leaves nothing else behind', () => {
    const path = join(folder(), 'a', 'b', 'note');
    write(path, 'one');
    write(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder(), 'a', 'b'))).toEqual(['note']);
  });

  it('leaves the old content, and no part of the new, where it cannot finish', () => {
    const path = join(folder(), 'note');
    mkdirSync(join(path, 'a folder in the way'), { recursive: true });
    expect(() => {
      write(path, 'new');
    }).toThrow();
    expect(readdirSync(path)).toEqual(['a folder in the way']);
    expect(readdirSync(folder())).toEqual(['note']);
  });
});

it('writes bytes of any length whole', () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  writeAtomically(join(folder(), 'big'), bytes);
  expect(readFileSync(join(folder(), 'big')).equals(bytes)).toBe(true);
});
