import { figure, metricTitles } from '@veritrain/member/text';
import type { DemoResult } from '../result.js';
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

/** Rows by their class, then by the class that was predicted. */
export function confusionTable(names: readonly string[], confusion: readonly (readonly number[])[]): Markup {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>rows of a class, taken for</th>
          ${names.map((name) => html`<th class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${confusion.map(
          (row, place) =>
            html`<tr>
              <td>${names[place] ?? ''}</td>
              ${row.map((count, taken) => cell(count, taken === place))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(count: number, isRight: boolean): Markup {
  return isRight
    ? html`<td class="number"><strong>${count}</strong></td>`
    : html`<td class="number">${count}</td>`;
}
