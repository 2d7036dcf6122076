import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StateFile, writeAtomically, writeLightly } from './stateFile.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veritrain-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const noted = z.strictObject({ attempt: z.int() });

describe('StateFile', () => {
  it('is undefined before it is written, and then what was written last', () => {
    const file = new StateFile(join(folder, 'couples', 'tc_1', 'state.json'), noted);
    expect(file.read()).toBeUndefined();
    file.write({ attempt: 1 });
    file.write({ attempt: 2 });
    expect(file.read()).toEqual({ attempt: 2 });
  });

  it('refuses what is not its document', () => {
    const path = join(folder, 'state.json');
    const file = new StateFile(path, noted);
    for (const content of ['{"attempt":"2"}', '{"attempt":2,"more":1}', '{"attempt":', '']) {
      writeFileSync(path, content);
      expect(() => file.read(), content).toThrow();
    }
  });
});

describe.each([
  ['writeAtomically', writeAtomically],
  ['writeLightly', writeLightly],
] as const)('%s', (_name, write) => {
  it('makes the folders, for its owner’s eyes only, and leaves nothing else behind', () => {
    const path = join(folder, 'a', 'b', 'note');
    write(path, 'one');
    write(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['note']);
  });

  it('leaves the old content, and no part of the new, where it cannot finish', () => {
    const path = join(folder, 'note');
    mkdirSync(join(path, 'a folder in the way'), { recursive: true });
    expect(() => {
      write(path, 'new');
    }).toThrow();
    expect(readdirSync(path)).toEqual(['a folder in the way']);
    expect(readdirSync(folder)).toEqual(['note']);
  });
});

it('writes bytes of any length whole', () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  writeAtomically(join(folder, 'big'), bytes);
  expect(readFileSync(join(folder, 'big')).equals(bytes)).toBe(true);
});
