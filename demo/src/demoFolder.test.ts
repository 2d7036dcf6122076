import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DemoFolder } from './demoFolder.js';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'veritrain-folders-'))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('DemoFolder', () => {
  it('goes with its run, unless it is to be kept', () => {
    const [gone, kept] = [DemoFolder.make(false, parent), DemoFolder.make(true, parent)];
    gone.clear();
    kept.clear();
    expect([existsSync(gone.path), existsSync(kept.path)]).toEqual([false, true]);
  });

  it('removes what a killed run left behind, and nothing else', () => {
    const [running, abandoned, kept] = [
      DemoFolder.make(false, parent),
      DemoFolder.make(false, parent),
      DemoFolder.make(true, parent),
    ];
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(abandoned.path, 'owner'), dead.toString());
    const next = DemoFolder.make(false, parent);
    expect(
      readdirSync(parent)
        .map((name) => join(parent, name))
        .sort(),
    ).toEqual([running.path, kept.path, next.path].sort());
  });
});
