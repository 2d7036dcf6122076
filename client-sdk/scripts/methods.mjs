// `npm run docs`: writes src/market/methods.ts from the contract's table of transactions; with --check it only says
// whether the file is up to date. It is a file, and not a type made from the table, for the sake of its comments: editors
// show them with the methods.
import { readFileSync, writeFileSync } from 'node:fs';
import { transactionNames, transactions } from '@veritrain/chaincode/domain';
import { format, resolveConfig } from 'prettier';

const path = new URL('../src/market/methods.ts', import.meta.url);

const head = `// Written by \`npm run docs -w @veritrain/client-sdk\` from the contract's table of transactions. Do not edit.

/**
 * Which method of the SDK calls which transaction. docs/transactions.md has their inputs, answers and examples; every
 * method may also throw the errors that any transaction may give, and the SDK's own, VT8nnn.
 */
export const methods = {`;

const groupOf = (name) => transactions[name].method.split('.')[0];
const verbOf = (name) => transactions[name].method.split('.')[1];

function method(name) {
  const { summary, who, kind, errors } = transactions[name];
  const lines = [
    summary,
    ...(kind === 'submit' ? [`Who: ${who}.`] : []),
    ...(errors.length > 0 ? [`Errors: ${errors.join(', ')}.`] : []),
  ];
  const brief = lines.join(' ');
  const comment =
    brief.length <= width
      ? [`    /** ${brief} */`]
      : ['    /**', ...lines.flatMap(wrap).map((line) => `     * ${line}`), '     */'];
  return [...comment, `    ${verbOf(name)}: '${name}',`].join('\n');
}

const width = 112;

function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const groups = [...new Set(transactionNames.map(groupOf))].map((group) => {
  const verbs = transactionNames.filter((name) => groupOf(name) === group).map(method);
  return [`  ${group}: {`, ...verbs, '  },'].join('\n');
});
const source = `${[head, ...groups, '} as const;'].join('\n')}\n`;
const written = await format(source, { ...(await resolveConfig(path)), parser: 'typescript' });

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== written) {
    console.error('methods.ts is stale: npm run build && npm run docs -w @veritrain/client-sdk');
    process.exit(1);
  }
} else {
  writeFileSync(path, written);
}
