import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the check says of a package. */
const check = (folder: string): Promise<{ failed: boolean; said: string }> =>
  new Promise((resolve) => {
    const args = [join(root, 'scripts', 'apiReference.mjs'), `test/repo/${folder}`];
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ failed: error !== null, said: stdout + stderr }),
    );
  });

describe('the check of the API reference', () => {
  it('fails on public names without a comment, on hidden types, on broken links, and on entries without @module', async () => {
    const { failed, said } = await check('undocumented');
    expect(failed).toBe(true);
    const problems = said.split('\n').filter((line) => line.includes('warning'));
    for (const name of ['bare', 'Shown (Interface)', 'unexplainedField', 'Hidden', 'nowhere', 'parts.ts'])
      expect(problems.filter((line) => line.includes(name))).toHaveLength(1);
    expect(problems).toHaveLength(6);
  });

  it('passes where all are explained and exported', async () => {
    expect(await check('documented')).toEqual({ failed: false, said: '' });
  });
});
