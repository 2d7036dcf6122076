import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCode, errorNames, transactionNames } from './index.js';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, '../docs/transactions.md'), 'utf8');

describe('docs/transactions.md', () => {
  it('is what the table of transactions says', () => {
    const check = () =>
      execFileSync(process.execPath, [join(root, 'scripts/docs.mjs'), '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  it('has every transaction, every error and a row for each of the paper’s fifteen functions', () => {
    for (const name of transactionNames) expect(page).toContain(`\n### ${name}\n`);
    for (const name of errorNames) expect(page).toContain(`| ${errorCode(name)} `);
    const paper = page.slice(page.indexOf('## The paper'));
    expect(paper.match(/^\| [^|-]+ \| `/gm)).toHaveLength(15);
  });
});
