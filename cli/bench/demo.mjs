// Where the demo's processor time goes, by process: before its first round, and in each round.
//   npm run bench -- demo   (or, with options: npm run bench:demo -w @veritrain/cli -- --rounds 24 --runs 5)
// It runs with few rounds and with many, in turn: what the many cost more is the rounds', the rest is start-up and end.
// Figures are medians of the runs. What the time is spent on comes from one more pair of runs, under a profiler, whose
// samples say how each process's time is shared out. Tables go to stderr, one JSON object to stdout.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '24' },
    runs: { type: 'string', default: '3' },
    subsets: { type: 'string', default: '2' },
    replicas: { type: 'string', default: '3' },
  },
});
const few = 4;
const many = Number(options.rounds);
const runs = Number(options.runs);
if (!(many > few && runs >= 1)) throw new Error(`--rounds is more than ${few}, --runs at least 1`);

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, '..', 'bin', 'veritrain.js');
const folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-demo-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** One demo. @returns what its result says, and the notes of its processes by name */
async function runDemo(rounds, isProfiled = false) {
  const notes = join(mkdtempSync(join(folder, 'run-')), 'notes.jsonl');
  const shape = ['--subsets', options.subsets, '--replicas', options.replicas];
  const report = ['--report', join(folder, 'report.html')];
  const child = spawn(
    process.execPath,
    [
      program,
      'demo',
      '--rounds',
      String(rounds),
      '--seed',
      '7',
      ...shape,
      ...report,
      '--format',
      'json',
      '--quiet',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--import ${join(here, 'processProbe.mjs')}`,
        VERITRAIN_BENCH_NOTES: notes,
        VERITRAIN_BENCH_PROFILE: String(isProfiled),
      },
    },
  );
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the demo ended with ${status}`);
  const processes = new Map();
  for (const line of readFileSync(notes, 'utf8').trim().split('\n')) {
    const { name, ...found } = JSON.parse(line);
    // Contracts of several organisations, and a process that was started again, count together.
    processes.set(name, processes.has(name) ? sum(processes.get(name), found) : found);
  }
  return { result: JSON.parse(said), processes };
}

function sum(a, b) {
  return {
    cpuMs: a.cpuMs + b.cpuMs,
    peakMb: Math.max(a.peakMb, b.peakMb),
    calls: merged(a.calls, b.calls, (x, y) => x + y),
    samples: merged(a.samples, b.samples, (x, y) => x + y),
  };
}

const merged = (a, b, join) =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, join(a[key] ?? 0, b[key] ?? 0)]),
  );

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The rounds that the longer demo had more: training ends before `--rounds` where nothing is left to gain. */
const moreRounds = ({ short, long }) => long.result.rounds - short.result.rounds;

/** What the processes of one name cost: in all their rounds' share and beside them. */
function splitOf(pair, name) {
  const [short, long] = [pair.short.processes.get(name), pair.long.processes.get(name)];
  const perRound = (of) => (of(long) - of(short)) / moreRounds(pair);
  const round = {
    cpuMs: perRound(({ cpuMs }) => cpuMs),
    calls: merged(long.calls, short.calls, (x, y) => (x - y) / moreRounds(pair)),
  };
  return { startMs: short.cpuMs - pair.short.result.rounds * round.cpuMs, round, peakMb: long.peakMb };
}

/** How a process's time in its rounds is shared out over the layers. */
function sharesOf(short, long) {
  const samples = merged(long.samples, short.samples, (x, y) => Math.max(0, x - y));
  const all = Object.values(samples).reduce((total, count) => total + count, 0);
  return Object.fromEntries(Object.entries(samples).map(([layer, count]) => [layer, count / all]));
}

const pairs = [];
for (let run = 1; run <= runs; run++) {
  process.stderr.write(`run ${run} of ${runs} …\n`);
  pairs.push({ short: await runDemo(few), long: await runDemo(many) });
}
process.stderr.write('under the profiler …\n');
const profiled = { short: await runDemo(few, true), long: await runDemo(many, true) };
const names = [...pairs[0].long.processes.keys()].sort();
const splits = new Map(
  names.map((name) => {
    const all = pairs.map((pair) => splitOf(pair, name));
    const keys = (of) => [...new Set(all.flatMap((one) => Object.keys(of(one))))];
    const middle = (of) =>
      Object.fromEntries(keys(of).map((key) => [key, median(all.map((one) => of(one)[key] ?? 0))]));
    const roundMs = median(all.map(({ round }) => round.cpuMs));
    const shares = sharesOf(profiled.short.processes.get(name), profiled.long.processes.get(name));
    return [
      name,
      {
        startMs: median(all.map(({ startMs }) => startMs)),
        roundMs,
        peakMb: median(all.map(({ peakMb }) => peakMb)),
        calls: middle(({ round }) => round.calls),
        layers: Object.fromEntries(Object.entries(shares).map(([layer, share]) => [layer, share * roundMs])),
      },
    ];
  }),
);
const wall = median(
  pairs.map(
    (pair) =>
      (1000 * (pair.long.result.seconds.training - pair.short.result.seconds.training)) / moreRounds(pair),
  ),
);
const cpu = median(
  pairs.map(({ long }) => [...long.processes.values()].reduce((total, { cpuMs }) => total + cpuMs, 0)),
);

const write = (line) => process.stderr.write(`${line}\n`);
const total = (of) => [...splits.values()].reduce((all, split) => all + of(split), 0);
write(
  `\n${'process'.padEnd(16)}${'start, ms'.padStart(12)}${'a round, ms'.padStart(14)}${'peak, MB'.padStart(10)}`,
);
for (const [name, { startMs, roundMs, peakMb }] of splits)
  write(
    `${name.padEnd(16)}${startMs.toFixed(0).padStart(12)}${roundMs.toFixed(1).padStart(14)}${peakMb.toFixed(0).padStart(10)}`,
  );
write(
  `${'all'.padEnd(16)}${total(({ startMs }) => startMs)
    .toFixed(0)
    .padStart(12)}${total(({ roundMs }) => roundMs)
    .toFixed(1)
    .padStart(14)}`,
);

const layerNames = [...new Set([...splits.values()].flatMap(({ layers }) => Object.keys(layers)))];
const byLayer = Object.fromEntries(
  layerNames.map((layer) => [layer, total(({ layers }) => layers[layer] ?? 0)]).sort(([, a], [, b]) => b - a),
);
write(`\nof a round's processor time, by the profiler's samples, ms`);
for (const [layer, ms] of Object.entries(byLayer)) {
  const most = [...splits]
    .map(([name, { layers }]) => [name, layers[layer] ?? 0])
    .sort(([, a], [, b]) => b - a);
  const told = most
    .slice(0, 3)
    .map(([name, part]) => `${name} ${part.toFixed(1)}`)
    .join(', ');
  write(`${layer.padEnd(24)}${ms.toFixed(1).padStart(8)}   ${told}`);
}

const methods = [...new Set([...splits.values()].flatMap(({ calls }) => Object.keys(calls)))];
const calls = Object.fromEntries(
  methods.map((method) => [method, total(({ calls: of }) => of[method] ?? 0)]),
);
write(`\ncalls a round: ${methods.map((method) => `${method} ${calls[method].toFixed(1)}`).join(', ')}`);
write(
  `a round takes ${wall.toFixed(0)} ms; a demo of ${many} rounds ${(cpu / 1000).toFixed(1)} s of processor time`,
);

const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
process.stdout.write(
  `${JSON.stringify({ bench: 'demo', machine, runs, rounds: { few, many }, roundMs: wall, cpuMs: cpu, processes: Object.fromEntries(splits), layers: byLayer, calls })}\n`,
);
