// `npm run docs`: writes the interfaces of methods from the contract's table of transactions; with --check it only says
// whether the file is up to date. It is a file, and not types made from the table, for the sake of its comments: editors
// and the API reference show them with the methods.
import { readFileSync, writeFileSync } from 'node:fs';
import * as domain from '@veritrain/chaincode/domain';
import { format, resolveConfig } from 'prettier';

const { recordFields, recordVerbs, transactionNames, transactions } = domain;

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

/** Types of the vocabulary by their schemas: the type `TrainCouple` is inferred from the schema `trainCouple`. */
const typeNames = new Map(Object.entries(domain).map(([name, schema]) => [schema, capital(name)]));

/** The name of what is answered, of what a page of it holds, or, where it has none, the transaction's output. */
function answerOf(name) {
  const { output, kind } = transactions[name];
  const item = output.shape?.items?.element;
  const isPage = item !== undefined && 'bookmark' in output.shape;
  const named = typeNames.get(isPage ? item : output);
  const type = named === undefined ? `OutputOf<'${name}'>` : isPage ? `Page<${named}>` : named;
  return kind === 'submit' ? `Committed<${type}>` : type;
}

/** @param given fields of the input that the caller need not give */
function signatureOf(name, given = []) {
  const fields = Object.entries(transactions[name].input.shape);
  const left = fields.filter(([field]) => !given.includes(field));
  const named = fields.filter(([field]) => given.includes(field)).map(([field]) => `'${field}'`);
  const input = named.length === 0 ? `InputOf<'${name}'>` : `Omit<InputOf<'${name}'>, ${named.join(' | ')}>`;
  const mayBeLeftOut = left.every(([, schema]) => schema.safeParse(undefined).success);
  const parameters = [
    ...(given.length > 0 && left.length === 0 ? [] : [`input${mayBeLeftOut ? '?' : ''}: ${input}`]),
    'options?: CallOptions',
  ];
  return `(${parameters.join(', ')}) => Promise<${answerOf(name)}>`;
}

/** @param verbs [verb, transaction] of each method */
const interfaceOf = (name, summary, verbs, given) =>
  [
    `/** ${summary} */`,
    `export interface ${name} {`,
    ...verbs.flatMap(([verb, of]) => [
      ...comment(commentOf(of)),
      `  readonly ${verb}: ${signatureOf(of, given)};`,
    ]),
    '}',
  ].join('\n');

const typeOf = (name) => `${capital(name)}Methods`;
const recordTypeOf = (kind) => `${capital(kind)}RecordMethods`;

const groupNames = [...new Set(transactionNames.map(groupOf))];
const groups = groupNames.map((group) =>
  interfaceOf(
    typeOf(group),
    `The transactions and queries of \`market.${group}\`.`,
    transactionNames.filter((name) => groupOf(name) === group).map((name) => [verbOf(name), name]),
  ),
);

const kinds = Object.keys(recordFields);
const records = kinds.map((kind) =>
  interfaceOf(
    recordTypeOf(kind),
    `The transactions and queries about one ${kind}.`,
    Object.entries(recordVerbs(kind)),
    recordFields[kind].flat(),
  ),
);

const list = (name, lines, entries) =>
  `${['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n')}\nexport interface ${name} {\n${entries.join('\n')}\n}`;

const body = [
  ...groups,
  list(
    'GroupMethods',
    [
      'The methods of a market, by group. docs/transactions.md has their inputs, answers and examples. Every method may also',
      'throw the errors that any transaction may give, and the SDK’s own, VT8nnn.',
    ],
    groupNames.map(
      (group) => `  /** Transactions and queries about ${group}. */\n  readonly ${group}: ${typeOf(group)};`,
    ),
  ),
  ...records,
  list(
    'RecordMethods',
    [
      'The methods of handles, by kind of record: those of the groups, without the fields that name the record.',
    ],
    kinds.map(
      (kind) =>
        `  /** Transactions and queries about one ${kind}. */\n  readonly ${kind}: ${recordTypeOf(kind)};`,
    ),
  ),
].join('\n\n');

const used = [...new Set(typeNames.values())].filter((type) => new RegExp(`[<\\s]${type}>`).test(body));
const imports = [
  `import type { ${['InputOf', 'OutputOf', ...used].sort().join(', ')} } from '@veritrain/chaincode/domain';`,
  "import type { CallOptions, Committed } from './calls.js';",
  "import type { Page } from './pages.js';",
].join('\n');
const source = `${[head, imports, body].join('\n\n')}\n`;

const path = new URL('../src/market/methods.ts', import.meta.url);
const written = await format(source, { ...(await resolveConfig(path)), parser: 'typescript' });
if (!process.argv.includes('--check')) writeFileSync(path, written);
else if (readFileSync(path, 'utf8') !== written) {
  console.error('methods.ts is stale: npm run build && npm run docs -w @veritrain/client-sdk');
  process.exit(1);
}
