// `npm run bench:caliper` runs the same workloads on an embedded ledger and on real Fabric.
import { dirname, join } from 'node:path';
import { compares } from './chapters/chapter.js';
import { runChapter, type ChapterRun } from './chapters/runChapter.js';
import { reportFailure } from './failure.js';
import { thisMachine } from './machine.js';
import { whyNoFabric, type NetworkKind } from './networks.js';
import { help, readOptions, type Options } from './options.js';
import { keepFigures } from './page/figures.js';
import { writePage } from './page/page.js';
import { whyNoPostgres } from './postgres/programs.js';
import { clientCpuOverStock, missingAll, ratiosOf, type Ratio } from './ratios.js';
import { asJson, asText, missingRatios } from './report.js';
import type { Run } from './summary.js';
import { workspace } from './workspace.js';

/** Signals that end the command, with its exit status. It stops everything that it has started first. */
const interruptions = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const say = (what: string): void => void process.stderr.write(`${what}\n`);

/** The networks to measure. If Fabric is requested by name, it reports its missing programs itself. */
function networksOf({ network }: Options): NetworkKind[] {
  if (network !== 'both') return [network];
  const reason = whyNoFabric();
  if (reason === undefined) return ['embedded', 'fabric'];
  say(reason);
  return ['embedded'];
}

function postgresOf({ postgres: connection, chapters }: Options): ChapterRun['postgres'] {
  const reason = connection === undefined && chapters.some(compares) ? whyNoPostgres() : undefined;
  if (reason === undefined) return { connection };
  say(reason);
  return null;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(help);
    return;
  }
  const abort = new AbortController();
  for (const [name, status] of Object.entries(interruptions)) {
    process.on(name, () => {
      process.exitCode = status;
      abort.abort(new Error('Interrupted.'));
    });
  }
  const { signal } = abort;
  const { only } = options;
  const results = join(workspace, 'results', new Date().toISOString().replaceAll(':', '-'));
  const [networks, postgres] = [networksOf(options), postgresOf(options)];
  const runs: Run[] = [];
  let ratios = missingAll('only the chapter comparison measures it');
  for (const chapter of options.chapters) {
    const outcome = await runChapter({ chapter, networks, only, postgres, results, say, signal });
    if (compares(chapter))
      ratios = { ...ratiosOf(outcome), clientCpuOverStock: await clientCpu(options, signal) };
    // Immediately, so a later interruption does not lose it.
    if (options.page) keepFigures(chapter.name, outcome, compares(chapter) ? ratios : undefined);
    runs.push(...outcome.runs);
  }
  if (options.page) await writePage();
  for (const missing of missingRatios(ratios)) say(missing);
  say(`Caliper's reports: ${results}`);
  if (options.format === 'text') process.stdout.write(`${asText(runs, ratios)}\n`);
  process.stdout.write(asJson(thisMachine(), runs, ratios));
}

async function clientCpu({ quick, only }: Options, signal: AbortSignal): Promise<Ratio> {
  if (quick || only !== undefined)
    return { missing: `left out with ${quick ? '--quick' : '--only'}: npm run bench -- client-sdk` };
  say('client-sdk: CPU of a transaction …');
  return clientCpuOverStock(dirname(workspace), signal);
}

// A reader that closes early, such as `head`, is not an error; the results are already in their folder.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') reportFailure(error);
});
main().catch(reportFailure);
