// A family of models of one's own, trained encrypted: what does a repair cost? Beside it, ridge regression on the same rows.
// Usage: node main.mjs [<table.csv> <target column>]
import { readFileSync } from 'node:fs';
import { runAgent } from '@veritrain/agents';
import { startMarket } from '@veritrain/local';
import { createMember } from '@veritrain/member';
import { defineProgram } from '@veritrain/training';
// Every process of the couple does this, before it reads a program: here they are one.
import './rootRidge.mjs';

const [path = 'repairs.csv', target = 'cost'] = process.argv.slice(2);

// A market on this machine: a garage with a table, a laboratory, two hosts.
const market = await startMarket({ folder: 'market' });
const place = { market: market.ledger, home: 'market', vault: 'market/vault' };
const join = (name, role, organization) => createMember({ ...place, name, roles: [role], organization });
const garage = await join('garage', 'dataOwner', 'org1.example.com');
const lab = await join('lab', 'modelOwner', 'org2.example.com');
const hosts = [];
for (const name of ['alder', 'birch']) hosts.push(await join(name, 'cloudOwner', 'org3.example.com'));
const dataset = await garage.datasets.publish(path, { target, subsets: 2, replicas: 2, testShare: 0.2 });
for (const invite of await dataset.invite(hosts.map(({ id }) => id)))
  await hosts.find(({ id }) => id === invite.host.participantId).instances.join(invite);
await dataset.ready();
const work = new AbortController();
const members = [garage, lab, ...hosts];
const agents = members.map((member) => runAgent(member, { approval: 'auto', signal: work.signal }));

// Rows that no host got: the garage tries both models on them.
const heldOut = readFileSync(garage.home.dataset(dataset.id).heldOutPath);
for (const program of [defineProgram({ family: 'rootRidge' }), defineProgram({ family: 'ridge' })]) {
  const asked = { dataset: dataset.id, model: program, rounds: 4, subsetsPerRound: 2 };
  const couple = await lab.couples.request(asked);
  const result = await couple.result();
  const { metrics, predictions } = result.predict(heldOut);
  const { rmse, mae } = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  const least = Math.min(...predictions).toFixed(0);
  const figures = `mean error ${mae.toFixed(1)}, root mean square ${rmse.toFixed(1)}, least prediction ${least}`;
  console.log(`${program.family}: ${figures} (${predictions.length} rows that nobody trained on)`);
}

work.abort();
await Promise.all(agents);
await market.stop();
for (const member of members) member.close();
