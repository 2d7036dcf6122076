import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSamples, type SampleFile } from '../workloads/samples.js';
import { describeRounds, type Benchmark } from './benchmark.js';
import { heightOf } from './blocks/height.js';
import { readBlocks } from './blocks/readBlocks.js';
import type { LedgerBlock } from './blocks/ledgerBlock.js';
import { sumBlocksBy } from './blocks/sumBlocks.js';
import { runCaliper } from './caliper.js';
import type { Needs } from './needs.js';
import { startNetwork, usualOrganizations, type Site, type StartOptions, type Stop } from './networks.js';
import { organizationsOf, type Organization } from './organizations.js';
import { defaultTickPeriodMs, prepareNetwork, type IdentitiesInput } from './prepare.js';
import { processorTimesOf } from './processorTimes.js';
import { runsOf, type Run } from './summary.js';

/** Settings that all measurements share. */
export interface Surroundings {
  /** The results folder. It gets a folder for each network, with one for each benchmark. */
  readonly results: string;
  readonly say: (what: string) => void;
  readonly signal: AbortSignal;
}

export interface Measuring extends Surroundings {
  readonly site: Site;
  readonly needs: Needs;
  /** Other contracts that the workloads call. `start` deploys them. */
  readonly contracts?: readonly string[];
  /** Default: the network of the site, with the market's contract. */
  readonly start?: (site: Site, options: StartOptions) => Promise<Stop>;
  /** Default: opens the market, enrols its members and registers them. @returns the path of Caliper's configuration */
  readonly prepare?: (input: IdentitiesInput) => Promise<string>;
}

/** A running, prepared network. */
export interface RunningNetwork extends Surroundings {
  readonly site: Site;
  readonly networkConfig: string;
  /** One of its organisations, for reading blocks. */
  readonly organization: Organization;
}

/** Starts a network, uses it and stops it. Only the results remain. */
export async function onNetwork<T>(
  measuring: Measuring,
  use: (network: RunningNetwork) => Promise<T>,
): Promise<T> {
  const { site, needs, contracts, start = startNetwork, prepare = openAndPrepare } = measuring;
  const { results, say, signal } = measuring;
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-caliper-'));
  const progress = (what: string): void => say(`${describeSite(site)}: ${what} …`);
  try {
    progress('starting');
    const network = join(folder, 'network');
    const stop = await start(site, { folder: network, onProgress: progress, signal });
    try {
      const networkConfig = await prepare({
        reference: { network },
        folder: join(folder, 'caliper'),
        ...needs,
        contracts,
        onProgress: progress,
      });
      const [organization] = organizationsOf({ network });
      if (organization === undefined) throw new Error('The network has no organisation.');
      return await use({ site, networkConfig, organization, results, say: progress, signal });
    } finally {
      progress('stopping');
      await stop();
    }
  } catch (error) {
    // An interruption causes other errors; report the interruption instead.
    signal.throwIfAborted();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const openAndPrepare = (input: IdentitiesInput): Promise<string> =>
  prepareNetwork({ ...input, tickPeriodMs: defaultTickPeriodMs });

/** The results of a benchmark on a network. */
export interface Measurement {
  readonly benchmark: Benchmark;
  readonly runs: readonly Run[];
  readonly files: readonly SampleFile[];
}

/** Runs a benchmark on a network. */
export async function measure(network: RunningNetwork, benchmark: Benchmark): Promise<Measurement> {
  const { site, networkConfig, organization, say, signal } = network;
  say(describeRounds(benchmark));
  const results = join(network.results, nameOf(site), benchmark.name);
  const from = await heightOf(organization);
  const run = (): Promise<string> => runCaliper({ benchmark, networkConfig, results, signal });
  // Processor time is measured only if it belongs to one round.
  const { result: log, times: processorTimes } =
    benchmark.rounds.length === 1 ? await processorTimesOf(run) : { result: await run() };
  const files = readSamples(results);
  say('reading the blocks');
  const blocks = await sumBlocksBy(readBlocks(organization, { from }), roundOf(files));
  return { benchmark, runs: runsOf({ site, benchmark, files, blocks, processorTimes, log }), files };
}

/** The round of a block's transactions; undefined for blocks that prepare a round's stories. */
function roundOf(files: readonly SampleFile[]): (block: LedgerBlock) => number | undefined {
  const rounds = new Map<string, number>();
  for (const { round, samples } of files)
    for (const { transactionId } of samples) if (transactionId !== null) rounds.set(transactionId, round);
  return ({ transactions }) =>
    transactions.map(({ id }) => rounds.get(id)).find((round) => round !== undefined);
}

/** The name of a folder: `fabric-4-organisations-150ms`, or `fabric` for the usual network. */
const nameOf = (site: Site): string => partsOf(site, 'organisations').join('-');
const describeSite = (site: Site): string => partsOf(site, ' organisations').join(', ');

const partsOf = ({ kind, organizations, delayMs }: Site, word: string): string[] => [
  kind,
  ...(organizations === usualOrganizations ? [] : [`${organizations}${word}`]),
  ...(delayMs === 0 ? [] : [`${delayMs}ms`]),
];
