import { describe, expect, it } from 'vitest';
import { sampleReport } from '../testing/sampleReport.js';
import { renderReport } from './render.js';
import { selectSubsets } from './slotGrid.js';

const shapes: [number, number, number][] = [
  [3, 3, 20],
  [2, 1, 1],
  [60, 15, 200],
];

describe('renderReport', () => {
  it.each(shapes)(
    'draws %i subsets × %i replicas over %i rounds as one file that fetches nothing',
    async (...shape) => {
      const report = await renderReport(sampleReport(...shape));
      expect(report.match(/<svg /g)).toHaveLength(3);
      expect(report).not.toMatch(/<script|<link|@import|url\(|\bsrc=/);
      expect(report.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:/);
      expect(report).not.toMatch(/NaN|undefined|Infinity/);
    },
  );

  it('has colours for light and dark, and every colour it uses is defined in both', async () => {
    const report = await renderReport(sampleReport());
    const used = new Set(report.match(/var\(--[\w-]+\)/g)?.map((name) => name.slice(4, -1)));
    const [light = '', dark = ''] = report.split('@media (prefers-color-scheme:dark)');
    expect(used.size).toBeGreaterThan(10);
    for (const name of used) {
      expect(light).toContain(`${name}:#`);
      expect(dark).toContain(`${name}:#`);
    }
  });

  it('says a verdict in a sign and a word, not in colour alone', async () => {
    const report = await renderReport(sampleReport());
    expect(report).toContain('✗ dissented');
    expect(report).toContain('✓ agreed');
    expect(report).toContain('20 dissented');
    expect(report).toContain('told to lie');
  });

  it('shows the plain twin dashed, with units on its axes', async () => {
    const report = await renderReport(sampleReport());
    expect(report).toContain('stroke-dasharray="5,5"');
    expect(report).toContain('mean squared error (target²)');
    expect(report).toContain('wall clock (s)');
  });

  it('shows what the model owner said of the loss, in its chart where it is of the same figure', async () => {
    const sample = sampleReport();
    const report = await renderReport(sample);
    expect(report).toContain('stroke-dasharray="2,3"');
    expect(report.match(/<svg /g)).toHaveLength(3);
    const roundFigures = sample.result.roundFigures.map((round) => ({
      ...round,
      metrics: round.metrics.map((metric) => ({ ...metric, name: 'squaredLoss' as const })),
    }));
    const other = await renderReport({ ...sample, result: { ...sample.result, roundFigures } });
    expect(other.match(/<svg /g)).toHaveLength(4);
    expect(other).toContain('Squared loss of class indicators, which training makes smaller');
    const without = sample.result.roundFigures.map((round) => ({ ...round, metrics: [] }));
    const none = await renderReport({ ...sample, result: { ...sample.result, roundFigures: without } });
    expect(none).not.toMatch(/stroke-dasharray="2,3"|owner’s estimate/);
  });

  it('names two classes as the table does, in curves and confusion matrix', async () => {
    const sample = sampleReport();
    const roc = [
      { falsePositives: 0, truePositives: 0 },
      { falsePositives: 1, truePositives: 1 },
    ];
    const confusion = { truePositives: 11, falsePositives: 22, trueNegatives: 33, falseNegatives: 44 };
    const own = { roc, calibration: [{ predicted: 0.5, observed: 0.5, rows: 110 }], confusion };
    const curves = { names: ['stays', '<leaves>'] as [string, string], encrypted: own, plain: own };
    const report = await renderReport({ ...sample, curves, testCurves: curves });
    expect(report.match(/<svg /g)).toHaveLength(7);
    expect(report).toContain('predicted probability of “&lt;leaves&gt;”');
    expect(report).toContain('It predicts the probability that target is “&lt;leaves&gt;”');
    expect(report).not.toMatch(/positive rows|negative rows|predicted positive/);
    const text = report.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('stays 33 22 &lt;leaves&gt; 44 11');
  });

  it('writes names of columns and files as text, whatever is in them', async () => {
    const sample = sampleReport();
    const nasty = '<img src=x onerror=alert(1)>&"';
    const table = { name: nasty, target: nasty, columns: [nasty, 'b'] };
    const report = await renderReport({ ...sample, table, remarks: [nasty] });
    expect(report).not.toContain('<img');
    expect(report).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;&quot;');
  });

  it('says where the bound of weights was active and steps were taken back, and nothing where not', async () => {
    const sample = sampleReport();
    expect(await renderReport(sample)).not.toMatch(/range that is encrypted|went back/);
    const steps = { boundRounds: 12, refusedSteps: 1 };
    const report = await renderReport({ ...sample, result: { ...sample.result, steps } });
    expect(report).toContain('In 12 rounds a weight had reached the range that is encrypted');
    expect(report).toContain('1 step had made the model worse');
  });

  it('shows several classes by their names: confusion, figures and calibration', async () => {
    const sample = sampleReport();
    const figures = [
      { rows: 3, precision: 1, recall: 2 / 3, f1: 0.8, auc: 0.9 },
      { rows: 1, precision: 0.5, recall: 1, f1: 2 / 3, auc: 1 },
      { rows: 0, precision: null, recall: null, f1: null, auc: null },
    ];
    const several = {
      confusion: [
        [2, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      figures,
      calibration: [
        { predicted: 0.6, observed: 0.5, rows: 2 },
        { predicted: 0.9, observed: 1, rows: 2 },
      ],
      roc: figures.map(() => [
        { falsePositives: 0, truePositives: 0 },
        { falsePositives: 0.25, truePositives: 0.75 },
        { falsePositives: 1, truePositives: 1 },
      ]),
    };
    const twin = figures.map((own, place) => (place === 0 ? { ...own, auc: 0.7 } : own));
    const plain = { ...several, figures: twin };
    const names = ['rose', '<iris>', 'tulip'];
    const parameters = { classes: [0, 1, 2], weights: [1, 2, 3, 4, 5, 6], intercepts: [7, 8, 9] };
    const model = { ...sample.result.model, family: 'multiLogistic', parameters };
    const report = await renderReport({
      ...sample,
      result: { ...sample.result, task: 'classification', family: 'multiLogistic', model },
      classes: { names, encrypted: several, plain },
      testClasses: { names, encrypted: { ...several, calibration: null, roc: null }, plain },
    });
    expect(report.match(/How well it tells the classes apart/g)).toHaveLength(2);
    expect(report.match(/<svg /g)).toHaveLength(5);
    expect(report).toContain('&lt;iris&gt;');
    expect(report).toContain('aria-label="ROC curves of the encrypted model');
    // Vega's own colour of a text, which a dark page hides.
    expect(report).not.toMatch(/fill="(#000|black)/);
    expect(report).toContain('0.9 (plain 0.7)');
    expect(report).toContain('weights, tulip');
    expect(report).not.toMatch(/weights 1|classes 1|NaN|undefined/);
  });

  it('says why there is no liar below three replicas', async () => {
    expect(await renderReport(sampleReport(2, 2, 3))).toContain('fewer than three replicas');
  });

  it('refuses a document that is not one', async () => {
    const sample = sampleReport();
    await expect(renderReport({ ...sample, losses: [] })).rejects.toThrow(/losses/);
  });
});

describe('selectSubsets', () => {
  it('leaves out quiet subsets first, and counts them', () => {
    const { slots } = sampleReport(60, 3, 5);
    const quiet = slots.map((slot) => ({
      ...slot,
      verdicts: { ...slot.verdicts, dissented: slot.subset === 59 ? 1 : 0, agreed: 5 },
    }));
    const selected = selectSubsets(quiet);
    expect(selected.leftOut).toBe(20);
    expect(selected.slots.some(({ subset }) => subset === 59)).toBe(true);
  });
});
