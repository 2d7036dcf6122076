// Encrypted training beside its clear twin and beside other libraries: `npm run bench -- training --help`.
import { existsSync } from 'node:fs';
import { TrainingError } from '@veritrain/training';
import { helpOf, readArguments, type Arguments } from './command/arguments.js';
import { currentLoad, thisMachine } from './command/machine.js';
import { textOf } from './command/textTable.js';
import { rowOf, type Result, type Settings } from './rows/benchmark.js';
import { benchmarks } from './rows/benchmarks.js';
import { folderOfMnist } from './support/images.js';
import { framinghamAt } from './support/tables.js';
import { noPeers, peerOf, runPeers } from './support/peers.js';
import { warmUp } from './support/warmUp.js';

try {
  const asked = readArguments(process.argv.slice(2), benchmarks);
  if (asked.help) process.stdout.write(helpOf(benchmarks));
  else await bench(asked);
} catch (error) {
  if (!(error instanceof TrainingError)) throw error;
  process.stderr.write(`${error.message}\nSee npm run bench -- training --help.\n`);
  process.exitCode = 2;
}

async function bench(asked: Arguments): Promise<void> {
  const load = currentLoad();
  const settings = {
    runs: asked.runs,
    framingham: framinghamAt(asked.paths.framingham),
    mnist: folderOfMnist(asked.paths.mnist),
    digits: existsSync(asked.paths.digits) ? asked.paths.digits : undefined,
  };
  const { results, notes } = await measureRows(asked, settings);
  const others = asked.peers ? await runPeers(asked.python, results, settings.framingham, progress) : noPeers;
  const machine = thisMachine(load, others.versions);
  const { peers } = others;
  const allNotes = [...notes, ...others.notes];
  if (asked.format === 'json')
    process.stdout.write(
      `${JSON.stringify({ machine, rows: results.map(rowOf), peers: peers.map(peerOf) })}\n`,
    );
  else process.stdout.write(textOf(machine, results, peers, allNotes));
  for (const note of asked.format === 'json' ? allNotes : []) process.stderr.write(`${note}\n`);
  if (asked.write) {
    const { writePage } = await import('./page/page.js');
    await writePage({ machine, results, peers, notes: allNotes, settings, progress });
  }
}

async function measureRows(
  { only, paths }: Arguments,
  settings: Settings,
): Promise<{ results: Result[]; notes: string[] }> {
  const results: Result[] = [];
  const notes: string[] = [];
  await warmUp();
  for (const benchmark of only === undefined ? benchmarks : [only]) {
    const { name, needs } = benchmark;
    if (needs !== undefined && settings[needs] === undefined) {
      notes.push(`Left out: ${name}, as there is no ${paths[needs]} (--${needs}).`);
      continue;
    }
    progress(name);
    results.push({ benchmark, ...(await benchmark.measure(settings)) });
  }
  return { results, notes };
}

function progress(name: string): void {
  process.stderr.write(`${name} …\n`);
}
