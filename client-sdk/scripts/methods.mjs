// `npm run docs`: writes the interfaces of methods from the contract's table of transactions; with --check it only says
// whether the file is up to date. It is a file, and not types made from the table, for the sake of its comments: editors
// and the API reference show them with the methods.
import { readFileSync, writeFileSync } from 'node:fs';
import { recordFields, recordVerbs, transactionNames, transactions } from '@veritrain/chaincode/domain';
import { format, resolveConfig } from 'prettier';

const head = `// Written by \`npm run docs -w @veritrain/client-sdk\` from the contract’s table of transactions. Do not edit.
/* eslint-disable max-lines -- as long as the table */`;
const width = 112;

const groupOf = (name) => transactions[name].method.split('.')[0];
const verbOf = (name) => transactions[name].method.split('.')[1];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Who may call it, and what it may be refused with. The table has no errors that any transaction may give. */
function commentOf(name) {
  const { summary, who, kind, errors } = transactions[name];
  return [
    summary,
    ...(kind === 'submit' ? [`Who: ${who}.`] : []),
    ...(errors.length > 0 ? [`Errors: ${errors.join(', ')}.`] : []),
  ];
}

function comment(lines) {
  const brief = lines.join(' ');
  if (brief.length <= width) return [`  /** ${brief} */`];
  return ['  /**', ...lines.flatMap(wrap).map((line) => `   * ${line}`), '   */'];
}

function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param verbs [verb, transaction, type] of each method */
const interfaceOf = (name, summary, verbs) =>
  [
    `/** ${summary} */`,
    `export interface ${name} {`,
    ...verbs.flatMap(([verb, of, type]) => [...comment(commentOf(of)), `  readonly ${verb}: ${type};`]),
    '}',
  ].join('\n');

const typeOf = (name) => `${capital(name)}Methods`;
const recordTypeOf = (kind) => `${capital(kind)}RecordMethods`;

const groupNames = [...new Set(transactionNames.map(groupOf))];
const groups = groupNames.map((group) =>
  interfaceOf(
    typeOf(group),
    `The transactions and queries of \`market.${group}\`. Any may also give the errors of every transaction, and the SDK’s own.`,
    transactionNames
      .filter((name) => groupOf(name) === group)
      .map((name) => [verbOf(name), name, `Method<'${name}'>`]),
  ),
);

const kinds = Object.keys(recordFields);
const records = kinds.map((kind) =>
  interfaceOf(
    recordTypeOf(kind),
    `The transactions and queries about one ${kind}. Any may also give the errors of every transaction, and the SDK’s own.`,
    Object.entries(recordVerbs(kind)).map(([verb, name]) => [
      verb,
      name,
      `RecordMethod<'${kind}', '${name}'>`,
    ]),
  ),
);

const list = (name, summary, entries) =>
  `/** ${summary} */\nexport interface ${name} {\n${entries.join('\n')}\n}`;

const source = `${[
  head,
  "import type { Method, RecordMethod } from './methodTypes.js';",
  ...groups,
  list(
    'GroupMethods',
    'The groups of methods of a market.',
    groupNames.map(
      (group) => `  /** Transactions and queries about ${group}. */\n  readonly ${group}: ${typeOf(group)};`,
    ),
  ),
  ...records,
  list(
    'RecordMethods',
    'The methods of handles, by kind of record.',
    kinds.map(
      (kind) =>
        `  /** Transactions and queries about one ${kind}. */\n  readonly ${kind}: ${recordTypeOf(kind)};`,
    ),
  ),
].join('\n\n')}\n`;

const path = new URL('../src/market/methods.ts', import.meta.url);
const written = await format(source, { ...(await resolveConfig(path)), parser: 'typescript' });
if (!process.argv.includes('--check')) writeFileSync(path, written);
else if (readFileSync(path, 'utf8') !== written) {
  console.error('methods.ts is stale: npm run build && npm run docs -w @veritrain/client-sdk');
  process.exit(1);
}
