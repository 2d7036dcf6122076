import { figure, metricTitles } from '@veritrain/member/text';
import type { Curves, DemoResult } from '../result.js';
import { html, type Markup } from './markup.js';

/** The figure that training makes smaller. */
export function finalLoss({ metrics: [loss] }: DemoResult): DemoResult['metrics'][number] {
  if (loss === undefined) throw new RangeError('a result without figures');
  return loss;
}

/** Which rows a figure is of. */
export const splitTitles = { train: 'trained on', test: 'set aside' } as const;

/** The figures of the encrypted model beside those of its twin. */
export function metricTable(metrics: DemoResult['metrics']): Markup {
  return html`<table>
    <thead>
      <tr>
        <th>figure</th>
        <th>rows</th>
        <th class="number">encrypted</th>
        <th class="number">plain twin</th>
        <th class="number">gap</th>
      </tr>
    </thead>
    <tbody>
      ${metrics.map(
        ({ name, split, encrypted, plain, gap }) =>
          html`<tr>
            <td>${metricTitles[name]}</td>
            <td>${splitTitles[split]}</td>
            <td class="number">${figure(encrypted)}</td>
            <td class="number">${figure(plain)}</td>
            <td class="number">${figure(gap, 2)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Rows by their class and by the class that was predicted. */
export function confusionTable({
  truePositives,
  falsePositives,
  trueNegatives,
  falseNegatives,
}: Curves['confusion']): Markup {
  const row = (name: string, positive: number, negative: number): Markup =>
    html`<tr>
      <td>${name}</td>
      <td class="number">${positive}</td>
      <td class="number">${negative}</td>
    </tr>`;
  return html`<table>
    <thead>
      <tr>
        <th>rows</th>
        <th class="number">predicted positive</th>
        <th class="number">predicted negative</th>
      </tr>
    </thead>
    <tbody>
      ${row('positive', truePositives, falseNegatives)} ${row('negative', falsePositives, trueNegatives)}
    </tbody>
  </table>`;
}
