// Renders docs/transactions.md from the table of transactions.
import { createRequire } from 'node:module';
import { describe, fieldsOf, jsonSchema, table } from './describe.mjs';
import { paperFunctions } from './paperFunctions.mjs';

const domain = createRequire(import.meta.url)('../dist/domain/index.js');
const { commonErrors, contractNames, errorTable, qualifiedName, transactionNames, transactions } = domain;
const { recordFields, recordVerbs } = domain;

const code = (name) => `\`${errorTable[name][0]} ${name}\``;
const list = (items, render) => (items.length === 0 ? 'none' : items.map(render).join(', '));

/** JSON as the formatter writes it: lists of plain values on one line. */
const json = (value) =>
  JSON.stringify(value, null, 2).replace(
    /\[\n\s+([^[\]{}]*?)\n\s+\]/g,
    (_, inner) => `[${inner.replace(/\n\s+/g, ' ')}]`,
  );

/** What the SDK calls it: in its group, and on the handle of each record that it is about. */
const methodsOf = (name) => [
  transactions[name].method,
  ...Object.keys(recordFields).flatMap((kind) =>
    Object.entries(recordVerbs(kind)).flatMap(([verb, of]) => (of === name ? [`${kind}().${verb}`] : [])),
  ),
];

function section(name) {
  const { kind, who, summary, input, output, example, events, errors } = transactions[name];
  const fields = fieldsOf(jsonSchema(input));
  const rows = fields.map(([path, words, required]) => [`\`${path}\``, words, required ? 'yes' : 'no']);
  return [
    `### ${name}`,
    summary,
    `- Call: \`${qualifiedName(name)}\` (${kind === 'submit' ? 'submit' : 'evaluate: it only reads'}); in the SDK ${list(methodsOf(name), (each) => `\`${each}\``)}\n- Who: ${who}`,
    rows.length === 0 ? 'Input: an empty object.' : table(['Input', 'What', 'Required'], rows),
    `\`\`\`json\n${json(example)}\n\`\`\``,
    `- Answer: ${describe(jsonSchema(output))}\n- Changes in the event: ${list(events, (each) => `\`${each}\``)}\n- Errors: ${list(errors, code)}`,
  ].join('\n\n');
}

const sections = contractNames.flatMap((contract) => [
  `## ${contract}`,
  ...transactionNames.filter((name) => transactions[name].contract === contract).map(section),
]);

const head = `# Transactions

<!-- Written by \`npm run docs -w @veritrain/chaincode\` from chaincode/src/domain/transactions. Do not edit. -->

Every transaction takes one argument, a JSON object, and returns one JSON value. The contract refuses unknown fields. An id from the client makes a retry safe: the same content again succeeds, other content gets \`CONFLICT\`. A transaction sets at most one event, \`${domain.marketEventName}\`, with \`{ "schemaVersion": ${domain.eventSchemaVersion}, "changes": […] }\`, the changes in order.

Subsets and slots count from 0, attempts from 1. Times are milliseconds since the epoch on the market's own clock, which \`Tick\` sets; durations are milliseconds. Digests are \`sha256:<64 hex>\`.

A refusal is a message that begins with a code and a name, \`VT0203 NOT_APPROVED: …\`, and may end with facts as JSON. Besides its listed errors, any transaction may return ${list(commonErrors, code)}.`;

const paper = `## The paper's functions

_Ownership preserving AI Market Places using Blockchain_ has fifteen functions that members call. Its text lists twelve of them (createCO and createMO as “other create calls”). The three in brackets are steps that it describes without a function name.

${table(['Paper', 'Here', 'What changed, and why'], paperFunctions)}`;

const errors = `## Errors

${table(
  ['Code', 'Name', 'What to do'],
  Object.entries(errorTable).map(([name, [number, help]]) => [number, `\`${name}\``, help]),
)}`;

export const transactionsPage = () => `${[head, ...sections, errors, paper].join('\n\n')}\n`;
