import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlockLog } from './blockLog.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'block-log-'));
  path = join(folder, 'blocks.log');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function openAndRead(): Promise<{ log: BlockLog; blocks: string[]; tornBytes: number }> {
  const blocks: string[] = [];
  const opened = await BlockLog.open(path, 0, (block) => {
    blocks.push(block.toString());
    return Promise.resolve();
  });
  return { ...opened, blocks };
}

async function write(...blocks: string[]): Promise<void> {
  const { log } = await openAndRead();
  for (const block of blocks) await log.append(Buffer.from(block));
  await log.close();
}

describe('BlockLog', () => {
  it('gives back what was appended, by position and from the start', async () => {
    const { log } = await openAndRead();
    const position = await log.append(Buffer.from('one'));
    await log.append(Buffer.from('two'));
    expect((await log.read(position)).toString()).toBe('one');
    await log.close();
    const { blocks, tornBytes, log: again } = await openAndRead();
    await again.close();
    expect(blocks).toEqual(['one', 'two']);
    expect(tornBytes).toBe(0);
  });

  it('cut at any byte, keeps exactly the whole blocks and goes on from there', async () => {
    const all = ['first', 'second block', 'third'];
    await write(...all);
    const whole = readFileSync(path);
    const ends = all.map((_, index) => all.slice(0, index + 1).reduce((sum, one) => sum + 8 + one.length, 0));
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      const expected = all.filter((_, index) => ends[index]! <= cut);
      const { blocks, log } = await openAndRead();
      expect(blocks).toEqual(expected);
      await log.append(Buffer.from('next'));
      await log.close();
      const after = await openAndRead();
      await after.log.close();
      expect(after.blocks).toEqual([...expected, 'next']);
    }
  });

  it('cuts off any rubbish that stands at its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (rubbish) => {
        rmSync(path, { force: true });
        await write('block');
        const size = statSync(path).size;
        appendFileSync(path, rubbish);
        const { blocks, tornBytes, log } = await openAndRead();
        await log.close();
        expect(blocks).toEqual(['block']);
        expect(tornBytes).toBe(rubbish.length);
        expect(statSync(path).size).toBe(size);
      }),
      { numRuns: 30 },
    );
  });
});
