import type { BothCurves, ReportDocument } from '../result.js';
import { drawChart } from './charts.js';
import { calibrationChart, rocChart } from './classCharts.js';
import { confusionTable, splitTitles } from './figures.js';
import { html, Markup } from './markup.js';

/** How a model tells two classes apart on some rows. */
export interface DrawnCurves {
  readonly split: 'train' | 'test';
  readonly curves: BothCurves;
  /** Charts as SVG. */
  readonly roc: string;
  readonly calibration: string;
}

/** Rows that were set aside first: their figures are those to expect of new rows. Empty where the model predicts numbers. */
export function drawCurves({ curves, testCurves }: ReportDocument): Promise<DrawnCurves[]> {
  const sets = [
    { split: 'test' as const, curves: testCurves },
    { split: 'train' as const, curves },
  ];
  return Promise.all(
    sets.flatMap(({ split, curves: both }) => {
      if (both === null) return [];
      const of = `of the encrypted model and of its twin in clear, ${splitTitles[split]}`;
      const drawn = async (): Promise<DrawnCurves> => ({
        split,
        curves: both,
        roc: await drawChart(rocChart(both), `ROC curve ${of}`),
        calibration: await drawChart(calibrationChart(both), `Calibration ${of}`),
      });
      return [drawn()];
    }),
  );
}

/** Curves and confusion matrix of some rows. */
export function curvesSection({ split, curves, roc, calibration }: DrawnCurves): Markup {
  const { names, encrypted } = curves;
  const [negative, positive] = names;
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = encrypted.confusion;
  return html`<section>
    <h2>How well it tells the classes apart, ${splitTitles[split]}</h2>
    <p>
      ROC: of all thresholds, the share of the rows of “${positive}” that are found against the share of the
      rows of “${negative}” that are taken for it. The closer to the upper left corner, the better; the
      diagonal is a guess.
    </p>
    <figure>${new Markup(roc)}</figure>
    <p>
      Calibration: of the rows that were given about the same probability of “${positive}”, the share that is
      of it. On the diagonal, probabilities mean what they say.
    </p>
    <figure>${new Markup(calibration)}</figure>
    <p>Rows by their class, and by the class that the encrypted model takes for the likelier.</p>
    ${confusionTable(names, [
      [trueNegatives, falsePositives],
      [falseNegatives, truePositives],
    ])}
  </section>`;
}
