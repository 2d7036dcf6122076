import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegular, readSmallFile } from './regularFile.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('attack 39: what is no regular file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-regular-'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), 'content');
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    symlinkSync('/dev/zero', join(folder, 'device'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['pipe', 'folder', 'device'])('is refused and not waited for: a %s', async (name) => {
    expect(() => readSmallFile(join(folder, name))).toThrow(coded('VT8223'));
    await expect(openRegular(join(folder, name))).rejects.toThrow(coded('VT8223'));
  });

  it('may be a link where its owner alone makes links, and not where others do', async () => {
    expect(readSmallFile(join(folder, 'link')).toString()).toBe('content');
    await expect(openRegular(join(folder, 'link'))).rejects.toThrow(coded('VT8223'));
  });

  it('does not end a read that has a limit', () => {
    expect(readSmallFile(join(folder, 'file'), 7).toString()).toBe('content');
    expect(() => readSmallFile(join(folder, 'file'), 6)).toThrow(coded('VT8224'));
  });
});
