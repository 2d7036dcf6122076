// What a data scientist does with a table that stays where it is, step by step.
// Usage: node notebook.mjs <table.csv> <target column>
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAgent } from '@veritrain/agents';
import { roundResultFile } from '@veritrain/member/home';
import { openMarket } from './others.mjs';

const [path, target] = process.argv.slice(2);
if (target === undefined) throw new Error('Usage: node notebook.mjs <table.csv> <target column>');
const cell = (title) => console.log(`\n## ${title}\n`);
const figure = (value) => value.toLocaleString('en-US', { maximumSignificantDigits: 4 });

// Every fifth row is ours: we have patients of our own, and test on them. The hospital has the others.
const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
const columns = header.split(',');
const ours = lines.filter((_, index) => index % 5 === 0).map((line) => rowOf(line));
const theirs = lines.filter((_, index) => index % 5 !== 0);
const folder = mkdtempSync(join(tmpdir(), 'notebook-'));
const market = await openMarket(folder, Buffer.from(`${[header, ...theirs].join('\n')}\n`), target);

cell('Who I am');
const lab = await market.join('lab', 'modelOwner', 'org2.example.com');
const work = new AbortController();
const agent = runAgent(lab, { approval: 'manual', signal: work.signal });
console.log(`${lab.id}, a ${lab.roles.join(', ')}`);

cell('What is on offer');
const { items } = await lab.market.datasets.list({ state: 'offered' });
for (const { datasetId, subsets, replicas } of items)
  console.log(`${datasetId}: ${subsets} parts, each with ${replicas} hosts`);
const [{ datasetId }] = items;

cell('What a training would come to');
const terms = { dataset: datasetId, rounds: 8 };
const quote = await lab.couples.quote(terms);
console.log(`${quote.rounds} rounds of ${quote.subsetsPerRound} parts: ${quote.jobs} jobs`);
console.log(
  `${figure(quote.trafficBytes / 2 ** 20)} MiB travel; ${figure(quote.expectedPrecisionBits)} bits of an update are free of noise`,
);

cell('Training');
const couple = await lab.couples.request(terms);
for await (const { type } of couple.watch()) if (type === 'TrainingRejected') throw new Error('they said no');
const result = await couple.result();
const { model } = result;
console.log('round  length of the gradient');
for (let attempt = 1; attempt <= model.rounds; attempt += 1) {
  const note = roundResultFile(lab.home.couple(couple.id), attempt).read();
  if (note !== undefined) console.log(`${String(attempt).padStart(5)}  ${figure(note.metrics.gradientNorm)}`);
}

cell('What the model says');
const { weights } = model.parameters;
const byWeight = model.columns.map((name, index) => ({ name, weight: weights[index] }));
const largest = Math.max(...byWeight.map(({ weight }) => Math.abs(weight)));
for (const { name, weight } of byWeight.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)))
  console.log(
    `${name.padEnd(8)} ${figure(weight).padStart(9)} ${'█'.repeat(Math.round((30 * Math.abs(weight)) / largest))}`,
  );

cell('On patients that no host has seen');
const { metrics } = result.predict(ours);
const { mse, r2 } = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
console.log(`${ours.length} rows: mean squared error ${figure(mse)}`);
console.log(`explained: ${figure(100 * r2)} % of their variance`);

work.abort();
await agent;
lab.close();
await market.close();
rmSync(folder, { recursive: true, force: true });

function rowOf(line) {
  const cells = line.split(',');
  return Object.fromEntries(columns.map((name, index) => [name, Number(cells[index])]));
}
