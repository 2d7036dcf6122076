import type { DemoResult } from '@veritrain/demo';
import { describe, expect, it } from 'vitest';
import { closingTable } from './demonstrate.js';

const result: DemoResult = {
  schemaVersion: 2,
  outcome: 'completed',
  data: { rows: 354, testRows: 88, features: 2, subsets: 3, replicas: 3, aggregation: 'perSubset' },
  privacy: null,
  rounds: 20,
  task: 'regression',
  family: 'linear',
  metrics: [{ name: 'mse', split: 'train', encrypted: 2_859.7, plain: 2_859.69, gap: 0.01 }],
  precisionBits: 33.7,
  steps: { boundRounds: 0, refusedSteps: 0 },
  roundFigures: [],
  model: {
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    family: 'linear',
    features: ['age', 'bmi'],
    parameters: { weights: [-10.01, 519.84], intercept: 152.13 },
    path: null,
  },
  jobs: { agreed: 80, dissented: 40, absent: 0 },
  liar: {
    instances: ['ci_a', 'ci_b', 'ci_c'],
    participant: 'pt_smrncxeppgmhlopo37vq4jecx4',
    verdict: 'dissented',
    rounds: 20,
  },
  draws: [],
  seconds: { total: 41.2, training: 29.9, ledger: 11.4 },
  ledger: { kind: 'embedded', transactions: 431, blocks: 402 },
  trafficBytes: 36_300_000,
  report: 'report.html',
};

describe('closingTable', () => {
  it('says in a dozen lines of at most 80 columns what came of it', () => {
    const lines = closingTable(result).split('\n');
    expect(lines.length).toBeLessThanOrEqual(13);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const text = lines.join('\n');
    expect(text).toMatch(/^Outcome +completed, 20 rounds$/m);
    expect(text).toMatch(/^Lying host +dissented in 20 rounds, at 3 slots/m);
    expect(text).toMatch(/^Jobs +80 agreed, 40 dissented, 0 absent$/m);
  });

  it('shows the figures of two classes, and says where no round could measure its precision', () => {
    const figures = (['logLoss', 'brier', 'auc', 'accuracy'] as const).map((name) => ({
      ...{ name, split: 'train' as const, encrypted: 0.5, plain: 0.5, gap: 0 },
    }));
    const lines = closingTable({ ...result, task: 'classification', metrics: figures, precisionBits: null });
    expect(lines).toMatch(/^Log-loss +0.5 encrypted, 0.5 in clear, gap 0$/m);
    expect(lines).toMatch(/^AUC /m);
    expect(lines).not.toMatch(/Brier/);
    expect(lines).toMatch(/^Precision +not measured$/m);
  });

  it('says what the optimiser met, where it met anything', () => {
    expect(closingTable(result)).not.toMatch(/^Steps/m);
    const steps = { boundRounds: 1, refusedSteps: 2 };
    expect(closingTable({ ...result, steps })).toMatch(
      /^Steps +bound active in 1 round, 2 steps taken back$/m,
    );
  });

  it.each([1, 2])('says why there is no liar with %i replicas', (replicas) => {
    const text = closingTable({ ...result, data: { ...result.data, replicas }, liar: null });
    expect(text).toMatch(/Lying host +none: .*(one replica|two replicas)/);
  });
});
