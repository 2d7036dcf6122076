import { type ReportDocument, phases, type Verdict } from '../result.js';
import { planSlots } from '../slots.js';

/** A report's document of the given size, with made-up figures, for tests of how it is drawn. */
export function sampleReport(subsets = 3, replicas = 3, rounds = 20): ReportDocument {
  const plan = planSlots(subsets, replicas);
  const drawn = Math.ceil(subsets / 2);
  const times = Array.from({ length: rounds }, (_, index) =>
    phases.map((phase, order) => ({
      round: index + 1,
      phase,
      seconds: 0.05 + 0.03 * ((index + order * 5) % 4),
    })),
  ).flat();
  const slots = plan.slots.map(({ subset, slot, host }) => {
    const verdict: Verdict = host === plan.liar ? 'dissented' : 'agreed';
    return {
      subset,
      slot,
      instance: `ci_sample_${subset}_${slot}`,
      host: `host-${host + 1}`,
      liar: host === plan.liar,
      verdicts: { [verdict]: rounds },
    };
  });
  const lies = slots.filter(({ liar }) => liar);
  const losses = Array.from({ length: rounds + 1 }, (_, round) => {
    const plain = 2_860 + 3_070 * 0.72 ** round + (round % 3 === 1 ? 60 : 0) / (round + 1);
    return { round, encrypted: plain + 0.002, plain };
  });
  const last = losses.at(-1) ?? { encrypted: 0, plain: 0 };
  return {
    result: {
      schemaVersion: 2,
      outcome: 'completed',
      data: { rows: 354, testRows: 88, features: 2, subsets, replicas, aggregation: 'perSubset' },
      privacy: null,
      rounds,
      task: 'regression',
      family: 'linear',
      metrics: [
        {
          name: 'mse',
          split: 'train',
          encrypted: last.encrypted,
          plain: last.plain,
          gap: last.encrypted - last.plain,
        },
      ],
      precisionBits: 33.7,
      steps: { boundRounds: 0, refusedSteps: 0 },
      roundFigures: losses.slice(1).map(({ round, plain }) => ({
        round,
        metrics: [
          { name: 'mse', value: plain * 0.98, split: 'train', kind: 'estimate', subsets, of: subsets },
        ],
        gradientNorm: 0.7 ** round,
        stepRefused: false,
        boundActive: false,
        precisionBits: 33.7,
      })),
      model: {
        digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
        family: 'linear',
        features: ['age', 'bmi'],
        parameters: { weights: [-10.01, 519.84], intercept: 152.13 },
        path: null,
      },
      jobs: { agreed: rounds * drawn * (replicas - 1), dissented: rounds * drawn, absent: 0 },
      liar:
        plan.liar === undefined
          ? null
          : {
              instances: lies.map(({ instance }) => instance),
              participant: 'pt_sample',
              verdict: 'dissented',
              rounds,
            },
      draws: Array.from({ length: rounds }, (_, round) =>
        Array.from({ length: drawn }, (_, index) => `sub_sample_${(round + index) % subsets}`),
      ),
      seconds: { total: 41.2, training: 29.9, ledger: 11.4 },
      ledger: { kind: 'embedded', transactions: 431, blocks: 402 },
      trafficBytes: 48_123_456,
      report: 'report.html',
    },
    table: { name: 'diabetes.csv', target: 'target', columns: ['age', 'bmi'] },
    seed: '7',
    startedAt: '2026-01-02T03:04:05.678Z',
    machine: 'Node 22.23.3, 2 cores of a sample processor',
    losses,
    curves: null,
    testCurves: null,
    classes: null,
    testClasses: null,
    slots,
    times,
    remarks: [],
  };
}
