// `npm run docs` writes docs/transactions.md. With --check it only reports whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { transactionsPage } from './transactionsPage.mjs';

const path = new URL('../../docs/transactions.md', import.meta.url);
const page = transactionsPage();
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== page) {
    console.error('docs/transactions.md is stale: npm run build && npm run docs -w @veritrain/chaincode');
    process.exit(1);
  }
} else {
  writeFileSync(path, page);
}
