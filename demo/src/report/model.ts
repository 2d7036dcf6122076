import { namedParameters } from '@veritrain/member/models';
import { figure } from '@veritrain/member/text';
import type { ReportDocument } from '../result.js';
import { html, type Markup } from './markup.js';

/** A model on many features has thousands. */
const maxNumbers = 400;

/** What the model predicts, in which units, and its numbers by column or class. */
export function modelSection({ result: { model }, table, curves, classes }: ReportDocument): Markup {
  const { digest, features, featureMap, parameters } = model;
  const predicts =
    curves === null ? table.target : `the probability that ${table.target} is “${curves.names[1]}”`;
  const own = 'scales' in parameters ? 'for standardised columns' : 'in the units of the table';
  const units = featureMap === undefined ? own : `for the features of its map, ${featureMap.kind}`;
  const all = namedParameters({ columns: featureMap === undefined ? features : [], parameters });
  // The table's own names stand in place of numbers, so the list of classes says nothing more.
  const shown =
    classes === null && curves === null
      ? all
      : all.filter(({ parameter }) => !parameter.startsWith('classes'));
  const rest =
    shown.length > maxNumbers ? html`<p>${shown.length - maxNumbers} more are in its file.</p>` : html``;
  const named = (parameter: string): string =>
    parameter.replace(/ (\d+)$/, (counted, place) => {
      const name = classes?.names[Number(place) - 1];
      return name === undefined ? counted : `, ${name}`;
    });
  const rows = shown.slice(0, maxNumbers).map(
    ({ parameter, column, value }) =>
      html`<tr>
        <td>${column ?? named(parameter)}</td>
        <td>${column === null ? '' : named(parameter)}</td>
        <td class="number">${figure(value)}</td>
      </tr>`,
  );
  return html`<section>
    <h2>The model</h2>
    <p>
      It predicts ${predicts}. Its weights are ${units}. Digest
      <code>${digest}</code>
    </p>
    <table>
      <thead>
        <tr>
          <th>column</th>
          <th>number</th>
          <th class="number">value</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${rest}
  </section>`;
}
