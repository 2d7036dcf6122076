import { onlyRounds, readBenchmark, type Benchmark } from '../benchmark.js';
import { measureOam, withOam, type OamMeasured } from '../besideOam.js';
import { recordMix, type Replaying } from '../besidePostgres.js';
import { measure, onNetwork, type Measurement, type Measuring, type Surroundings } from '../measure.js';
import { needsOf } from '../needs.js';
import type { NetworkKind, Site } from '../networks.js';
import type { OamComparison } from '../oamFigures.js';
import type { Run } from '../summary.js';
import type { Chapter, Stage } from './chapter.js';

export interface ChapterRun extends Surroundings {
  readonly chapter: Chapter;
  /** The requested networks that are available. */
  readonly networks: readonly NetworkKind[];
  /** Labels of rounds; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** The PostgreSQL to use, or null for none. */
  readonly postgres: { readonly connection: string | undefined } | null;
}

export interface Outcome {
  readonly runs: readonly Run[];
  readonly oam: OamComparison | undefined;
  /** Version and settings of the measured PostgreSQL. */
  readonly postgres: string | undefined;
}

/** Measures a chapter, stage by stage and network by network. */
export async function runChapter(given: ChapterRun): Promise<Outcome> {
  let outcome: Outcome = { runs: [], oam: undefined, postgres: undefined };
  for (const stage of given.chapter.stages) {
    const benchmarks = onlyRounds(stage.benchmarks.map(readBenchmark), given.only);
    const sites = stage.sites.filter(({ kind }) => given.networks.includes(kind));
    for (const site of benchmarks.length === 0 ? [] : sites) {
      const one = await runOn(given, { stage, site, benchmarks, isLast: site === sites.at(-1) });
      outcome = {
        runs: [...outcome.runs, ...one.runs],
        oam: one.oam ?? outcome.oam,
        postgres: one.postgres ?? outcome.postgres,
      };
    }
  }
  return outcome;
}

interface StageOnSite {
  readonly stage: Stage;
  readonly site: Site;
  readonly benchmarks: readonly Benchmark[];
  /** True for the stage's last site, whose costs are like a real market's. */
  readonly isLast: boolean;
}

interface Plan {
  readonly measuring: Measuring;
  readonly oams: Benchmark | undefined;
  readonly postgres: ChapterRun['postgres'];
}

function planOf(given: ChapterRun, { stage, site, benchmarks, isLast }: StageOnSite): Plan {
  const { results, say, signal, only } = given;
  const oams = isLast && only === undefined && stage.oam !== undefined ? readBenchmark(stage.oam) : undefined;
  const needs = needsOf(oams === undefined ? benchmarks : [...benchmarks, oams]);
  const measuring: Measuring = { site, needs, results, say, signal };
  return {
    measuring: oams === undefined ? measuring : withOam(measuring),
    oams,
    postgres: isLast && stage.postgres === true ? given.postgres : null,
  };
}

/** Measurements that wait until the network has stopped and the machine is idle. */
interface Left {
  readonly oam: (() => Promise<OamMeasured>) | undefined;
  readonly replaying: Replaying | undefined;
}

async function runOn(given: ChapterRun, at: StageOnSite): Promise<Outcome> {
  const { measuring, oams, postgres } = planOf(given, at);
  const measurements: Measurement[] = [];
  const left = await onNetwork(measuring, async (network): Promise<Left> => {
    for (const benchmark of at.benchmarks) measurements.push(await measure(network, benchmark));
    return {
      replaying: postgres === null ? undefined : await recordMix(network, measurements),
      oam: oams === undefined ? undefined : await measureOam(network, measuring, oams),
    };
  });
  const oam = await left.oam?.();
  if (left.replaying !== undefined) given.say('the same records in PostgreSQL …');
  const replayed = await left.replaying?.(postgres?.connection, given.signal);
  return {
    runs: [
      ...measurements.flatMap(({ runs }) => runs),
      ...(oam?.runs ?? []),
      ...(replayed === undefined ? [] : [replayed.run]),
    ],
    oam: oam?.comparison,
    postgres: replayed?.server,
  };
}
