// Many couples at once on one set of agents: the rounds a second that the machine gives, where the processor time goes, what each
// process holds in memory, and whether one couple waits for another.
//   npm run bench -- couples   (or, with options: npm run bench:couples -w @veritrain/cli -- --couples 20 --rounds 10)
// Every member is a process but the model owner, whose agent runs here, so that its events say when a round ends. One couple runs
// alone first, then all at once. Processor time and memory come from Linux's /proc and are missing elsewhere.
// Tables go to stderr, one JSON object to stdout.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runAgent } from '@veritrain/agents';
import { startMarket, startProgram } from '@veritrain/local';
import { createMember } from '@veritrain/member';

const { values: options } = parseArgs({
  options: {
    couples: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '10' },
    hosts: { type: 'string', default: '3' },
    subsets: { type: 'string', default: '2' },
  },
});
const [coupleCount, rounds, hostCount, subsets] = ['couples', 'rounds', 'hosts', 'subsets'].map((name) => {
  const count = Number(options[name]);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} is a whole number from 1`);
  return count;
});

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '..', 'bin', 'veritrain.js');
const table = join(here, '..', '..', 'demo', 'data', 'diabetes.csv');
const folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-couples-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const say = (text) => process.stderr.write(`${text}\n`);
const market = await startMarket({ folder });
const place = { market: market.ledger, home: folder, vault: join(folder, 'vault') };
const member = (name, role, number) =>
  createMember({ ...place, name, roles: [role], organization: `org${number}.example.com` });

const lab = await member('lab', 'modelOwner', 1);
const clinic = await member('clinic', 'dataOwner', 2);
const hosts = [];
for (let host = 1; host <= hostCount; host++) hosts.push(await member(`host-${host}`, 'cloudOwner', 3));
say(`a data owner, a model owner and ${hostCount} hosts`);
const agents = [];
for (const { home } of [clinic, ...hosts])
  agents.push(
    await startProgram(process.execPath, {
      arguments: [
        program,
        ...['agent', 'run', '--profile', home.folder, '--approve', 'auto', '--until-stdin-ends', '--quiet'],
      ],
      watchesStdin: true,
    }),
  );
const lifetimeRounds = 2 * rounds * (coupleCount + 1);
const shape = { target: 'target', subsets, replicas: hostCount, lifetimeRounds };
const dataset = await clinic.datasets.publish(table, shape);
for (const invite of await dataset.invite(hosts.map(({ id }) => id)))
  await hosts.find(({ id }) => id === invite.host.participantId).instances.join(invite);
await dataset.ready();

/** When each round of each couple ended, and what waits for a couple's end. */
const ends = new Map();
const finished = new Map();
const stop = new AbortController();
const work = runAgent(lab, {
  approval: 'manual',
  signal: stop.signal,
  onEvent({ kind, step, facts }) {
    if (kind !== 'stepDone') return;
    if (step === 'closeRound') ends.get(facts.coupleId)?.push(performance.now());
    if (step === 'finishTraining') finished.get(facts.coupleId)?.();
  },
});

/** The processes by name, with those that they started. */
function processes() {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().trim().split('\n');
  const all = lines.map((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return { pid: Number(pid), parent: Number(parent), args };
  });
  const below = (pid) =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return [
    { name: 'model owner', pid: process.pid },
    ...below(process.pid)
      .filter(({ args }) => args.includes('node'))
      .map(({ pid, args }) => {
        const [, profile] = /--profile \S*\/(\S+)/.exec(args) ?? [];
        return { pid, name: profile ?? (args.includes('fabric-shim') ? 'contract' : 'ledger') };
      }),
  ];
}

/** Processor time in milliseconds and memory in megabytes, by name; null where there is no /proc. */
function usage() {
  const byName = new Map();
  for (const { name, pid } of processes()) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      const cpuMs = 10 * (Number(fields[11]) + Number(fields[12]));
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      const before = byName.get(name) ?? { cpuMs: 0, memoryMb: 0 };
      const memoryMb = Math.max(before.memoryMb, kilobytes / 1000);
      byName.set(name, { cpuMs: before.cpuMs + cpuMs, memoryMb });
    } catch {
      // It has ended, or this is not Linux.
    }
  }
  return byName.size === 0 ? null : byName;
}

/** So many couples at once. */
async function run(count) {
  const before = usage();
  const started = performance.now();
  const all = [];
  for (let couple = 0; couple < count; couple++) {
    const id = lab.market.keyring.id('tc', `bench ${count} ${couple}`);
    ends.set(id, []);
    const done = new Promise((resolve) => finished.set(id, resolve));
    await lab.couples.request({ dataset: dataset.id, rounds, id, spareAttempts: rounds });
    all.push({ id, done });
  }
  await Promise.all(all.map(({ done }) => done));
  const after = usage();
  const seconds = (performance.now() - started) / 1000;
  const waits = all.map(({ id }) => {
    const times = ends.get(id);
    return Math.max(...times.slice(1).map((time, place) => time - times[place]));
  });
  const totals = all.map(({ id }) => (ends.get(id).at(-1) - started) / 1000);
  const done = all.reduce((sum, { id }) => sum + ends.get(id).length, 0);
  return {
    couples: count,
    rounds: done,
    seconds,
    roundsPerSecond: done / seconds,
    firstCoupleSeconds: Math.min(...totals),
    lastCoupleSeconds: Math.max(...totals),
    longestRoundSeconds: Math.max(...waits) / 1000,
    processes:
      before &&
      after &&
      Object.fromEntries(
        [...after].map(([name, { cpuMs, memoryMb }]) => [
          name,
          { cpuMsPerRound: (cpuMs - (before.get(name)?.cpuMs ?? 0)) / done, memoryMb },
        ]),
      ),
  };
}

const results = [];
for (const count of [...new Set([1, coupleCount])]) {
  say(`${count} at once, ${rounds} rounds each …`);
  results.push(await run(count));
}
stop.abort();
await work;
for (const agent of agents) await agent.stop();
for (const one of [lab, clinic, ...hosts]) one.close();
await market.stop();

for (const { couples, roundsPerSecond, firstCoupleSeconds, lastCoupleSeconds, ...rest } of results) {
  say(
    `\n${couples} at once: ${roundsPerSecond.toFixed(2)} rounds a second; the first ended after ${firstCoupleSeconds.toFixed(1)} s, the last after ${lastCoupleSeconds.toFixed(1)}; the longest round took ${rest.longestRoundSeconds.toFixed(1)} s`,
  );
  say(`${'process'.padEnd(14)}${'CPU a round, ms'.padStart(16)}${'memory, MB'.padStart(12)}`);
  for (const [name, { cpuMsPerRound, memoryMb }] of Object.entries(rest.processes ?? {}))
    say(`${name.padEnd(14)}${cpuMsPerRound.toFixed(1).padStart(16)}${memoryMb.toFixed(0).padStart(12)}`);
}
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, node: process.version };
process.stdout.write(`${JSON.stringify({ bench: 'couples', machine, results })}\n`);
