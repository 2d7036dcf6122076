import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runAgent } from '@veritrain/agents';
import { startMarket } from '@veritrain/local';
import { createMember } from '@veritrain/member';
import { policyOf } from './policy.mjs';
import { answerByPolicy, createService } from './service.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hospital-'));
const stop = new AbortController();
let market;
let members = [];
let work = [];
let app;
let lab;
let dataset;

before(async () => {
  market = await startMarket({ folder });
  const join = (name, role, organization) =>
    createMember({
      name,
      roles: [role],
      organization,
      market: market.ledger,
      home: folder,
      vault: `${folder}/vault`,
    });
  const hospital = await join('hospital', 'dataOwner', 'org1.example.com');
  lab = await join('lab', 'modelOwner', 'org2.example.com');
  const hosts = [];
  for (const name of ['alder', 'birch', 'cedar'])
    hosts.push(await join(name, 'cloudOwner', 'org3.example.com'));
  members = [hospital, lab, ...hosts];
  const rows = Array.from({ length: 60 }, (_, row) => [row, (row * 37) % 61, 3 * row + ((row * 7) % 5)]);
  writeFileSync(`${folder}/patients.csv`, `age,dose,risk\n${rows.map((cells) => cells.join()).join('\n')}\n`);
  dataset = await hospital.datasets.publish(`${folder}/patients.csv`, { target: 'risk', subsets: 2 });
  for (const invite of await dataset.invite(hosts.map(({ id }) => id)))
    await hosts.find(({ id }) => id === invite.host.participantId).instances.join(invite);
  await dataset.ready();
  app = createService(hospital);
  work = [
    ...members.map((member) => runAgent(member, { approval: 'manual', signal: stop.signal })),
    answerByPolicy(hospital, policyOf({ mostRounds: 5 }), stop.signal),
  ];
});
after(async () => {
  stop.abort();
  await Promise.all(work);
  await app?.close();
  for (const member of members) member.close();
  await market?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'the policy approves what it allows, and the training runs to its end',
  { timeout: 120_000 },
  async () => {
    const couple = await lab.couples.request({ dataset: dataset.id, rounds: 2 });
    const types = [];
    for await (const { type } of couple.watch()) types.push(type);
    assert.equal(types.at(-1), 'TrainingFinished');
    const { couple: shown } = (await app.inject(`/couples/${couple.id}`)).json();
    assert.equal(shown.state, 'finished');
  },
);

test('it rejects what it does not', { timeout: 60_000 }, async () => {
  const couple = await lab.couples.request({ dataset: dataset.id, rounds: 6 });
  for await (const { type } of couple.watch()) if (type === 'TrainingRejected') break;
  const couples = (await app.inject('/couples')).json();
  assert.equal(couples.find(({ coupleId }) => coupleId === couple.id).state, 'rejected');
});

test('HTTP: errors of the market keep their code; wrong input changes nothing', async () => {
  const missing = await app.inject('/couples/tc_nowhere');
  assert.equal(missing.statusCode, 404);
  assert.equal(missing.json().code, 'VT0201');
  const couples = (await app.inject('/couples')).json();
  const { coupleId } = couples.find(({ state }) => state === 'finished');
  const url = `/couples/${coupleId}/reject`;
  assert.equal((await app.inject({ method: 'POST', url, payload: { reason: 'mood' } })).statusCode, 400);
  assert.equal((await app.inject({ method: 'POST', url, payload: { reason: 'terms' } })).statusCode, 409);
});

test('events stream as they happen', { timeout: 60_000 }, async () => {
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const { body } = await fetch(`${address}/events`);
  const { id } = await lab.couples.request({ dataset: dataset.id, rounds: 7 });
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes(`"coupleId":"${id}"`)) return;
  }
  assert.fail('the stream ended');
});
