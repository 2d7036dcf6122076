import { figure } from '@veritrain/member/text';
import type { BothClasses, ReportDocument } from '../result.js';
import { drawChart } from './charts.js';
import { classRocChart, likeliestChart } from './classCharts.js';
import { confusionTable, splitTitles } from './figures.js';
import { html, Markup } from './markup.js';

/** How a model tells several classes apart on some rows. */
export interface DrawnClasses {
  readonly split: 'train' | 'test';
  readonly classes: BothClasses;
  /** Charts as SVG; null of models without probabilities. */
  readonly charts: { readonly roc: string; readonly calibration: string } | null;
}

/** Rows that were set aside first. Empty where the model has no several classes. */
export async function drawClasses({ classes, testClasses }: ReportDocument): Promise<DrawnClasses[]> {
  const drawn: DrawnClasses[] = [];
  for (const [split, both] of [['test', testClasses] as const, ['train', classes] as const]) {
    if (both === null) continue;
    drawn.push({ split, classes: both, charts: await chartsOf(both, splitTitles[split]) });
  }
  return drawn;
}

async function chartsOf(classes: BothClasses, rows: string): Promise<DrawnClasses['charts']> {
  const [roc, calibration] = [classRocChart(classes), likeliestChart(classes)];
  if (roc === undefined || calibration === undefined) return null;
  const of = `of the encrypted model and of its twin in clear, ${rows}`;
  return {
    roc: await drawChart(roc, `ROC curves ${of}`),
    calibration: await drawChart(calibration, `Calibration ${of}`),
  };
}

/** Confusion matrix, figures by class, ROC curves and calibration of some rows. */
export function classesSection({ split, classes, charts }: DrawnClasses): Markup {
  return html`<section>
    <h2>How well it tells the classes apart, ${splitTitles[split]}</h2>
    <p>Rows by their class, and by the class that the encrypted model takes for the likeliest.</p>
    ${confusionTable(classes.names, classes.encrypted.confusion)}
    <p>
      Precision: of the rows that were taken for a class, the share that is of it. Recall: of the rows of a
      class, the share that was found. F1 is the harmonic mean of both. AUC is of the class against the rest.
    </p>
    ${figureTable(classes)} ${charts === null ? html`` : chartFigures(charts)}
  </section>`;
}

function chartFigures({ roc, calibration }: NonNullable<DrawnClasses['charts']>): Markup {
  return html`<p>
      ROC: of all thresholds, the share of the rows of a class that are found against the share of all other
      rows that are taken for it. The diagonal is a guess.
    </p>
    <figure>${new Markup(roc)}</figure>
    <p>
      Calibration: of the rows whose likeliest class was given about the same probability, the share that is
      of it. On the diagonal, probabilities mean what they say.
    </p>
    <figure>${new Markup(calibration)}</figure>`;
}

/** The encrypted model's figures; where those of its twin read otherwise, they stand behind them. */
function figureTable({ names, encrypted, plain }: BothClasses): Markup {
  const hasProbabilities = encrypted.calibration !== null;
  const columns = (['precision', 'recall', 'f1', 'auc'] as const).filter(
    (column) => column !== 'auc' || hasProbabilities,
  );
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>class</th>
          <th class="number">rows</th>
          ${columns.map((column) => html`<th class="number">${titles[column]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${encrypted.figures.map(
          (own, place) =>
            html`<tr>
              <td>${names[place] ?? ''}</td>
              <td class="number">${own.rows}</td>
              ${columns.map(
                (column) =>
                  html`<td class="number">${both(own[column], plain.figures[place]?.[column] ?? null)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const titles = { precision: 'precision', recall: 'recall', f1: 'F1', auc: 'AUC' } as const;

function both(encrypted: number | null, plain: number | null): string {
  const [ours, twin] = [encrypted, plain].map((value) => (value === null ? '–' : figure(value, 3)));
  return ours === twin ? (ours ?? '') : `${ours ?? ''} (plain ${twin ?? ''})`;
}
