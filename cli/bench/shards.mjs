// Shards larger than memory: a table of 2 GB is split, sealed, joined and trained on in a market of its own, by the
// command and the agents that members use, each in a process of its own, whose peak memory is measured.
//   npm run bench -- shards   (or, with options: npm run bench:shards -w @veritrain/cli -- --rows 100000 --rounds 4)
// A table goes to stderr, one JSON object to stdout. Exit status 1 where a process needed 1 GB or more.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { weightOf, writeTable } from './bigTable.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    features: { type: 'string', default: '30' },
    /** Of a cell with its comma: 65 make a table of 2 GB. */
    characters: { type: 'string', default: '65' },
    subsets: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '6' },
  },
});
const [rows, features, characters, subsets, rounds] = Object.values({
  rows: options.rows,
  features: options.features,
  characters: options.characters,
  subsets: options.subsets,
  rounds: options.rounds,
}).map(Number);

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '..', 'bin', 'veritrain.js');
const chaincode = dirname(require.resolve('@veritrain/chaincode/package.json'));
const ledgerManifest = require.resolve('@veritrain/embedded-ledger/package.json');
const ledgerProgram = join(
  dirname(ledgerManifest),
  JSON.parse(readFileSync(ledgerManifest, 'utf8')).bin['embedded-ledger'],
);

const folder = mkdtempSync(join(tmpdir(), 'veritrain-shards-'));
const notes = join(folder, 'memory.jsonl');
const market = join(folder, 'market');
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Starts a program whose peak memory is noted under the name of a step. */
function start(step, path, args) {
  const child = spawn(process.execPath, ['--import', join(here, 'peakMemory.mjs'), path, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      VERITRAIN_HOME: join(folder, 'home'),
      VERITRAIN_BENCH_NOTES: notes,
      VERITRAIN_BENCH_STEP: step,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  child.said = '';
  child.stderr.on('data', (chunk) => (child.said += chunk));
  return child;
}

/** Runs a command of a member's to its end. @returns seconds */
async function veritrain(step, line) {
  const started = performance.now();
  const child = start(step, program, line.split(' '));
  child.stdin.end();
  child.stdout.resume();
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`veritrain ${line} ended with ${status}:\n${child.said}`);
  return (performance.now() - started) / 1000;
}

/** Lets a daemon go, and waits until it noted its memory. */
async function stop(child) {
  const closed = once(child, 'close');
  child.stdin.end();
  await closed;
}

function sizeOf(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function requireDisk() {
  const cells = rows * (features + 1);
  const needed = cells * characters + 5 * 8 * cells;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize > 1.2 * needed) return;
  throw new Error(`${(needed / 1e9).toFixed(1)} GB of disk are needed under ${tmpdir()}`);
}

async function startLedger() {
  const args = [
    '--chaincode',
    chaincode,
    '--data',
    market,
    '--port',
    '0',
    '--ca-port',
    '0',
    '--until-stdin-ends',
  ];
  const child = start('ledger', ledgerProgram, args);
  const ready = once(createInterface({ input: child.stdout }), 'line');
  const ended = once(child, 'close').then(() =>
    Promise.reject(new Error(`the ledger ended:\n${child.said}`)),
  );
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return child;
}

async function enrol() {
  const join = (name, rest) => veritrain('enrol', `init ${name} --connect market ${rest}`);
  for (const n of [1, 2, 3]) {
    await join(`operator${n}`, `--organization org${n}.example.com --user Admin`);
    await veritrain('enrol', `market configure --profile operator${n} --voters Org1MSP Org2MSP Org3MSP`);
  }
  await join('hospital', '--organization org1.example.com --user User1');
  await join('lab', '--organization org2.example.com --user User1');
  await join('alder', '--organization org3.example.com --register');
  for (const [name, role] of Object.entries({
    hospital: 'dataOwner',
    lab: 'modelOwner',
    alder: 'cloudOwner',
  }))
    await veritrain('enrol', `participant register --profile ${name} --role ${role}`);
}

/** The host's id, as its profile has noted it. */
function hostId() {
  const profile = join(folder, 'home', 'profiles', 'alder', 'profile.json');
  return JSON.parse(readFileSync(profile, 'utf8')).participantId;
}

/** Requests open once the owner's agent has verified the slots, which takes it its time. */
async function onceReady(line, tries = 150) {
  try {
    await veritrain('request', line);
  } catch (error) {
    if (tries === 0) throw error;
    await delay(200);
    await onceReady(line, tries - 1);
  }
}

/** Trains for the rounds asked for, by the agents of the three. @returns seconds, and the largest error of a weight */
async function train() {
  await veritrain('enrol', 'model register --profile lab --id md_big');
  const agents = ['hospital --approve auto', 'alder', 'lab'].map((who) => {
    const child = start(`train: ${who.split(' ')[0]}'s agent`, program, [
      ...`agent run --until-stdin-ends --profile ${who}`.split(' '),
    ]);
    child.stdout.resume();
    return child;
  });
  const started = performance.now();
  const asked = `--dataset ds_big --model md_big --rounds ${rounds} --id tc_big --yes`;
  await onceReady(`couple request --profile lab ${asked}`);
  await veritrain('watch', 'couple watch tc_big --profile lab --timeout 900');
  const seconds = (performance.now() - started) / 1000;
  for (const agent of agents) await stop(agent);
  const path = join(folder, 'model.json');
  await veritrain('export', `model export tc_big --profile lab --out ${path}`);
  const { weights } = JSON.parse(readFileSync(path, 'utf8'));
  return { seconds, apart: Math.max(...weights.map((weight, j) => Math.abs(weight - weightOf(j)))) };
}

async function bench() {
  requireDisk();
  const steps = [];
  const say = (step) => {
    steps.push(step);
    const speed = step.bytes === undefined ? '' : `, ${(step.bytes / 1e6 / step.seconds).toFixed(0)} MB/s`;
    process.stderr.write(`${step.name.padEnd(28)} ${step.seconds.toFixed(1).padStart(7)} s${speed}\n`);
  };
  const csv = join(folder, 'big.csv');
  const began = performance.now();
  const bytes = await writeTable(csv, { rows, features, characters, seed: 7 });
  say({
    name: `write a table of ${(bytes / 1e9).toFixed(2)} GB`,
    seconds: (performance.now() - began) / 1000,
    bytes,
  });
  const ledger = await startLedger();
  await enrol();
  const split = `dataset split ${csv} --target y --subsets ${subsets} --id ds_big --profile hospital`;
  say({ name: 'split', seconds: await veritrain('split', split), bytes });
  rmSync(csv);
  const packages = sizeOf(join(folder, 'home'));
  await veritrain('publish', 'dataset publish ds_big --replicas 1 --pace 3m --profile hospital');
  const invite = `dataset invite ds_big --host ${hostId()} --profile hospital`;
  say({ name: 'seal and invite', seconds: await veritrain('seal and invite', invite), bytes: packages });
  say({ name: 'invite again', seconds: await veritrain('invite again', invite), bytes: packages });
  const invites = 'instance join invites --profile alder';
  say({ name: 'join', seconds: await veritrain('join', invites), bytes: packages });
  const one = 'instance verify ci_big_0_0 --profile alder';
  say({
    name: 'open one package',
    seconds: await veritrain('open one package', one),
    bytes: packages / subsets,
  });
  const { seconds, apart } = await train();
  say({ name: `train for ${rounds} rounds`, seconds });
  await stop(ledger);
  return { bytes, packages, steps, apart };
}

/** The most memory of each step, MB. */
function peaks() {
  const most = new Map();
  for (const line of readFileSync(notes, 'utf8').trim().split('\n')) {
    const { step, peakKb } = JSON.parse(line);
    most.set(step, Math.max(most.get(step) ?? 0, (peakKb * 1024) / 1e6));
  }
  most.set('this bench', (process.resourceUsage().maxRSS * 1024) / 1e6);
  return most;
}

const { bytes, packages, steps, apart } = await bench();
const memory = peaks();
for (const [step, megabytes] of memory)
  process.stderr.write(`${step.padEnd(28)} ${megabytes.toFixed(0).padStart(7)} MB at most\n`);
process.stderr.write(`weights differ from the table's by ${apart.toExponential(1)} at most\n`);
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
const table = { rows, features, bytes, subsets, packageBytes: packages };
process.stdout.write(
  `${JSON.stringify({ bench: 'shards', machine, table, steps, peakMegabytes: Object.fromEntries(memory), apart })}\n`,
);
process.exit([...memory.values()].every((megabytes) => megabytes < 1000) ? 0 : 1);
