// Who will leave? A shop's table with categories and gaps, as it is; a laboratory learns from it, and never sees a row.
// Usage: node churn.mjs [<table.csv> <target column> [<column to leave out> …]]
import { readFileSync, writeFileSync } from 'node:fs';
import { runAgent } from '@veritrain/agents';
import { startMarket } from '@veritrain/local';
import { createMember } from '@veritrain/member';
import { chooseProgram } from '@veritrain/training';
import { templateOf } from '@veritrain/member/models';

const [path = 'customers.csv', target = 'churned', ...given] = process.argv.slice(2);
const drop = path === 'customers.csv' ? ['customer'] : given;

// A market on this machine: a shop with a table, a laboratory, two hosts.
const market = await startMarket({ folder: 'market' });
const place = { market: market.ledger, home: 'market', vault: 'market/vault' };
const join = (name, role, organization) => createMember({ ...place, name, roles: [role], organization });
const shop = await join('shop', 'dataOwner', 'org1.example.com');
const lab = await join('lab', 'modelOwner', 'org2.example.com');
const hosts = [];
for (const name of ['alder', 'birch']) hosts.push(await join(name, 'cloudOwner', 'org3.example.com'));

// Texts become categories, gaps are filled and flagged, a fifth of the rows stays at the shop. Two replicas: a lie would be
// seen, and laid at nobody's door. A model of categories shows pairs of flags, and this shop accepts that (leastCell).
const dataset = await shop.datasets.publish(path, {
  target,
  subsets: 2,
  replicas: 2,
  testShare: 0.2,
  leastCell: 1,
  recipe: { drop, missing: 'fill' },
});
for (const invite of await dataset.invite(hosts.map(({ id }) => id)))
  await hosts.find(({ id }) => id === invite.host.participantId).instances.join(invite);
await dataset.ready();

const work = new AbortController();
const members = [shop, lab, ...hosts];
const agents = members.map((member) => runAgent(member, { approval: 'auto', signal: work.signal }));

// All that the laboratory sees of the table is its template, which says that the target is of texts, so classes.
const template = await templateOf(lab, dataset.id, {});
const program = chooseProgram({ task: 'classification' }, template);
console.log(`${template.rows} rows, features: ${template.columns.join(', ')}`);
console.log(`${program.family}: ${template.recipe.classes.join(' or ')}`);
const couple = await lab.couples.request({ dataset: dataset.id, model: program, rounds: 4 });
for await (const { type, attempt } of couple.watch())
  if (type === 'RoundStarted') console.log(`round ${attempt}`);
const result = await couple.result();

// The shop tries the model on the rows that no host got, as the laboratory would on customers of its own.
const { metrics, predictedClasses, predictions } = result.predict(heldOutRows(shop, dataset.id));
const figures = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
console.log(`${predictions.length} rows that nobody trained on: AUC ${figures.auc.toFixed(3)}`);
console.log(`the first: ${predictedClasses[0]}, with probability ${predictions[0].toFixed(3)}`);
// For a service in any language: raw rows in, gaps and categories handled inside.
const { bytes, numbers, texts } = await result.onnx();
writeFileSync('churn.onnx', bytes);
console.log(`churn.onnx takes numbers (${numbers.join(', ')}) and texts (${texts.join(', ')})`);

work.abort();
await Promise.all(agents);
await market.stop();
for (const member of members) member.close();

function heldOutRows({ home }, id) {
  return readFileSync(home.dataset(id).heldOutPath);
}
