// Large packages read at once, with no thread up to as many as there are cores: how near the gain is to the cores.
//   npm run bench:threads -w @veritrain/training [-- --packages 4 --rows 6000 --units 1023 --runs 3]
// Lines go to stderr, one JSON object to stdout.
import { parseArgs } from 'node:util';
import { defineProgram, encodePackage, readPackage, splitTable } from '@veritrain/training';
import { syntheticTable } from '../src/testing/fixtures.js';
import { cut } from '../src/testing/packages.js';
import { currentLoad, thisMachine } from './command/machine.js';
import { median } from './support/median.js';

const { values: options } = parseArgs({
  options: {
    packages: { type: 'string', default: '4' },
    rows: { type: 'string', default: '6000' },
    units: { type: 'string', default: '1023' },
    runs: { type: 'string', default: '3' },
  },
});
const subsets = Number(options.packages);
const rows = Number(options.rows);
const units = Number(options.units);
const runs = Number(options.runs);
const machine = thisMachine(currentLoad(), {});

const featureMap = { kind: 'random-layer', units, seed: 'bench' } as const;
const program = defineProgram({ family: 'ridge', featureMap });
const { shards, template } = splitTable(syntheticTable(subsets * rows, 20), { subsets });
const packages = shards.map((shard) => encodePackage({ template, shard, shardSecret: new Uint8Array(32) }));

interface Times {
  readonly wall: number;
  readonly cpu: number;
}

/** Reads all packages at once. @returns seconds */
async function readAll(workers: number): Promise<Times> {
  const before = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    packages.map((bytes) => readPackage(cut(bytes, 2 ** 18), { program, template, workers })),
  );
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

const counts = [...new Set([0, 1, ...(machine.cores > 2 ? [2] : []), machine.cores])];
const found = new Map(counts.map((workers) => [workers, [] as Times[]]));
for (let run = 0; run < runs; run++)
  for (const workers of counts) {
    process.stderr.write(`run ${run + 1} of ${runs}: ${workers} threads …\n`);
    found.get(workers)?.push(await readAll(workers));
  }
const middle = (workers: number, of: (times: Times) => number): number =>
  median((found.get(workers) ?? []).map(of));
const alone = middle(0, ({ wall }) => wall);
const results = counts.map((workers) => {
  const wallSeconds = middle(workers, ({ wall }) => wall);
  const cpuSeconds = middle(workers, ({ cpu }) => cpu);
  return { workers, wallSeconds, cpuSeconds, timesFaster: alone / wallSeconds };
});
process.stderr.write(
  `${subsets} packages of ${rows} rows and ${units + 1} features, ${machine.cores} cores, load before ${machine.loadBefore}\n`,
);
for (const { workers, wallSeconds, cpuSeconds, timesFaster } of results)
  process.stderr.write(
    `${workers} threads: ${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processor time, ${timesFaster.toFixed(2)} times as fast\n`,
  );
process.stdout.write(`${JSON.stringify({ bench: 'threads', machine, subsets, rows, units, results })}\n`);
