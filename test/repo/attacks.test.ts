import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function testedNumbers(): Promise<Set<number>> {
  const numbers = new Set<number>();
  const files = glob(
    '{chaincode,embedded-ledger,training,client-sdk,member,agents,local,demo,cli,test}/**/*.test.ts',
    {
      cwd: root,
      exclude: (path) => path.includes('node_modules'),
    },
  );
  for await (const path of files) {
    const named = readFileSync(join(root, path), 'utf8').matchAll(
      /\b(?:it|test|describe)(?:\.concurrent)?(?:\.each\([^)]*\))?\(\s*['"`]attacks? ([\d, and]+):/g,
    );
    for (const [, list] of named) for (const number of list!.matchAll(/\d+/g)) numbers.add(Number(number[0]));
  }
  return numbers;
}

describe('docs/attacks.md', () => {
  const rows = readFileSync(join(root, 'docs', 'attacks.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => /^\d+$/.test(cells[1] ?? ''))
    .map((cells) => ({ number: Number(cells[1]), built: cells[4] === 'built' }));

  it('lists all attacks once', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 69 }, (_, index) => index + 1));
  });

  it('has a test, named by its number, for every attack on what is built', async () => {
    const tested = await testedNumbers();
    const missing = rows.filter(({ number, built }) => built && !tested.has(number));
    expect(missing.map(({ number }) => number)).toEqual([]);
  });
});
