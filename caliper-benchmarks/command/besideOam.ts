import type { SampleFile } from '../workloads/samples.js';
import { roundsOf, type Benchmark } from './benchmark.js';
import { measure, onNetwork, type Measurement, type Measuring, type RunningNetwork } from './measure.js';
import { oamContract, startOamLedger, startWithOam } from './oam.js';
import { compareWithOam, type ModelsRounds, type OamComparison } from './oamFigures.js';
import { prepareIdentities } from './prepare.js';
import type { Run } from './summary.js';

export interface OamMeasured {
  readonly runs: readonly Run[];
  readonly comparison: OamComparison;
}

const isOams = (label: string): boolean => label.startsWith('oam-');

/**
 * The settings of a network that runs OAM's flow beside ours. An embedded ledger has one chaincode, so OAM's gets its
 * own ledger.
 */
export const withOam = (measuring: Measuring): Measuring =>
  measuring.site.kind === 'fabric'
    ? { ...measuring, start: startWithOam, contracts: [oamContract] }
    : measuring;

/**
 * Alternates OAM's flow and ours. On the embedded ledger they run one after another, each on its own ledger.
 * @param network of {@link withOam}
 * @param benchmark with the rounds `oam-model`, `model`, `oam-round` and `round`
 * @returns the measurement that remains when the network has stopped
 */
export async function measureOam(
  network: RunningNetwork,
  measuring: Measuring,
  benchmark: Benchmark,
): Promise<() => Promise<OamMeasured>> {
  if (network.site.kind === 'fabric') {
    const both = await measure(network, benchmark);
    return () => Promise.resolve(compared([both]));
  }
  const ours = await measure(
    network,
    roundsOf(benchmark, (label) => !isOams(label)),
  );
  return async () => {
    const alone = { ...measuring, start: startOamLedger, prepare: prepareIdentities };
    const rounds = { ...roundsOf(benchmark, isOams), name: `oam-${benchmark.name}` };
    const oams = await onNetwork(alone, (ledger) => measure(ledger, rounds));
    return compared([oams, ours]);
  };
}

function compared(measurements: readonly Measurement[]): OamMeasured {
  const of = (wanted: string): SampleFile[][] =>
    measurements.flatMap(({ benchmark, files }) =>
      benchmark.rounds.flatMap(({ label }, index) =>
        label === wanted ? [files.filter(({ round }) => round === index)] : [],
      ),
    );
  const rounds: ModelsRounds = {
    'oam-model': of('oam-model'),
    model: of('model'),
    'oam-round': of('oam-round'),
    round: of('round'),
  };
  return { runs: measurements.flatMap(({ runs }) => runs), comparison: compareWithOam(rounds) };
}
