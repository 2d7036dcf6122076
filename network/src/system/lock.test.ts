import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from './lock.js';
import { thisProcess } from './processIdentity.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'veritrain-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = (content: object): void => writeFileSync(join(folder, 'busy.json'), JSON.stringify(content));

describe('working on a network alone', () => {
  it('keeps others out until it is done, whatever came of it', async () => {
    const failing = exclusively(folder, async () => {
      await expect(exclusively(folder, () => Promise.resolve())).rejects.toMatchObject({ code: 'VT9513' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
    expect(await exclusively(folder, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('does not wait for one that died: not for its number, nor for what it half wrote', async () => {
    lock({ ...(await thisProcess()), startedAt: 'another time' });
    expect(await exclusively(folder, () => Promise.resolve('mine'))).toBe('mine');
    writeFileSync(join(folder, 'busy.json'), '{"proc');
    expect(await exclusively(folder, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('says that the disk is full, whoever found it so', async () => {
    const ours = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    const fabrics = new Error('peer ended: write /data: no space left on device');
    for (const cause of [ours, fabrics]) {
      const work = exclusively(folder, () => Promise.reject(cause));
      await expect(work).rejects.toMatchObject({ code: 'VT9510', facts: { folder }, cause });
    }
  });
});
