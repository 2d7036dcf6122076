import {
  bytesText,
  figure,
  metricHeading,
  metricTitles,
  plural,
  secondsText,
  shortDigest,
} from '@veritrain/member/text';
import { curvesSection, type DrawnCurves } from './classes.js';
import { finalLoss, metricTable } from './figures.js';
import type { ReportDocument } from '../result.js';
import { html, Markup } from './markup.js';
import { modelSection } from './model.js';
import { schemeRules } from './palette.js';
import { classesSection, type DrawnClasses } from './severalClasses.js';

/** The model owner's estimate of the loss that its family trains by. */
export interface OwnLoss {
  readonly title: string;
  /** SVG. */
  readonly chart: string;
}

interface Charts {
  readonly loss: string;
  /** Null where it is in the chart of the loss. */
  readonly own: OwnLoss | null;
  readonly grid: string;
  /** Subsets that the grid had no room for. */
  readonly subsetsLeftOut: number;
  readonly time: string;
  /** Of two classes. */
  readonly curves: readonly DrawnCurves[];
  /** Of several classes. */
  readonly classes: readonly DrawnClasses[];
}

const layoutRules = `*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:28px;line-height:1.2;margin:0 0 6px}
h2{font-size:19px;margin:0 0 2px}
p{margin:0 0 12px;max-width:75ch}
.soft,figcaption,dt,th{color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:24px 0;padding:0}
.facts div,section{background:var(--card);border:1px solid var(--rule);border-radius:10px}
.facts div{padding:12px 16px}
dt{font-size:13px}
dd{margin:0;font-size:22px;font-variant-numeric:tabular-nums}
dd small{display:block;font-size:13px;color:var(--soft)}
section{padding:20px 22px;margin:0 0 18px}
figure{margin:12px 0 0}
svg{width:100%;height:auto;display:block}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th{font-weight:normal;text-align:left}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
td.number,th.number{text-align:right}
strong{color:var(--ink)}
.wide{overflow-x:auto;margin:0 0 14px}
code{font:13px ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
summary{cursor:pointer}
ul{padding-left:20px}
@media (max-width:760px){.facts{grid-template-columns:repeat(2,1fr)}}
@media print{body{background:none}section,.facts div{break-inside:avoid}}`;

/** The whole report as one file, without scripts and without anything to fetch. */
export function page(document: ReportDocument, charts: Charts): string {
  const { result, table } = document;
  const body = html`<main>
    <header>
      <h1>${table.name}: one model, nobody's data handed over</h1>
      <p class="soft">${subtitle(document)}</p>
    </header>
    ${headline(document)} ${remarks(document)}
    <section>
      <h2>${metricHeading(finalLoss(document.result).name)} by round</h2>
      <p>${lossCaption(document)}</p>
      <figure>${new Markup(charts.loss)}</figure>
      ${ownLoss(charts.own)}
    </section>
    <section>
      <h2>Who did the work, and who was caught</h2>
      <p>${gridCaption(document, charts.subsetsLeftOut)}</p>
      <figure>${new Markup(charts.grid)}</figure>
    </section>
    <section>
      <h2>Where the time went</h2>
      <p>
        Wall clock of each round, cut into the steps that follow each other. Work that runs at several members
        at once counts once.
      </p>
      <figure>${new Markup(charts.time)}</figure>
    </section>
    ${figuresSection(document)} ${charts.curves.map(curvesSection)} ${charts.classes.map(classesSection)}
    ${modelSection(document)} ${drawsSection(document)}
    <footer class="soft">
      <p>
        Ledger: ${result.ledger.kind}, ${plural(result.ledger.transactions, 'transaction')} in
        ${plural(result.ledger.blocks, 'block')}. Measured on ${document.machine}. Schema
        ${result.schemaVersion}.
      </p>
    </footer>
  </main>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`Veritrain: ${table.name}`.text}</title>
<style>${schemeRules()}
${layoutRules}</style></head>
<body>${body.text}</body></html>
`;
}

function subtitle({ result: { data, rounds }, table, startedAt, seed }: ReportDocument): string {
  const when = startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const drawn = seed === null ? 'random draws' : `seed ${seed}`;
  const sums = data.aggregation === 'sum' ? ', the model owner saw sums over batches of subsets alone' : '';
  return (
    `${figure(data.rows)} rows, ${plural(data.features, 'feature')}, predicting ${table.target}. ` +
    `${data.subsets} subsets × ${plural(data.replicas, 'replica')}, ${plural(rounds, 'round')}, ` +
    `trained encrypted${sums}. ${when}, ${drawn}.`
  );
}

function headline({ result, losses }: ReportDocument): Markup {
  const { seconds, jobs, liar } = result;
  const loss = finalLoss(result);
  const before = losses[0]?.encrypted ?? loss.encrypted;
  const less =
    before === 0 ? '' : `${(100 * (1 - loss.encrypted / before)).toFixed(1)} % less than untrained`;
  const title = metricTitles[loss.name];
  const bits = result.precisionBits;
  const facts: [string, string, string][] = [
    [`${title}, encrypted`, figure(loss.encrypted), less],
    [`${title}, plain twin`, figure(loss.plain), `gap ${figure(loss.gap, 2)}`],
    [
      'precision',
      bits === null ? 'not measured' : `${bits.toFixed(1)} bits`,
      'encrypted against plain arithmetic',
    ],
    ['time', secondsText(seconds.total), `training ${secondsText(seconds.training)}`],
    ['traffic', bytesText(result.trafficBytes), 'through the vault'],
    ['ledger', plural(result.ledger.transactions, 'transaction'), plural(result.ledger.blocks, 'block')],
    ['jobs', `${jobs.agreed} agreed`, `${jobs.dissented} dissented, ${jobs.absent} absent`],
    liar === null
      ? ['lying host', 'none', 'too few replicas to convict']
      : [
          'lying host',
          liar.verdict,
          `in ${plural(liar.rounds, 'round')}, ${plural(liar.instances.length, 'slot')}`,
        ],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, value, note]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}<small>${note}</small></dd>
        </div>`,
    )}
  </dl>`;
}

function remarks({ remarks: all }: ReportDocument): Markup {
  if (all.length === 0) return html``;
  return html`<section>
    <h2>Worth knowing</h2>
    <ul>
      ${all.map((remark) => html`<li>${remark}</li>`)}
    </ul>
  </section>`;
}

function lossCaption({ result }: ReportDocument): string {
  const { steps, task, roundFigures } = result;
  const loss = finalLoss(result);
  const isEstimated = roundFigures.some(({ metrics }) => metrics.some(({ name }) => name === loss.name));
  const estimated = isEstimated ? ` The dotted line is an estimate: ${estimateText}` : '';
  const bound = steps.boundRounds === 0 ? '' : ` In ${plural(steps.boundRounds, 'round')} ` + boundText[task];
  const refused =
    steps.refusedSteps === 0
      ? ''
      : ` ${plural(steps.refusedSteps, 'step')} had made the model worse, by the model owner's own estimate, and went back.`;
  return (
    `Over all rows that were trained on. The dashed line is the same training in clear: same splits, ` +
    `draws and schedule. After the last round they differ by ${figure(loss.gap, 2)}.` +
    estimated +
    bound +
    refused
  );
}

const estimateText =
  'what the model owner says of its model after a round, from the replies so far and without a row.';

function ownLoss(own: OwnLoss | null): Markup {
  if (own === null) return html``;
  return html`<p>${own.title}, which training makes smaller. It is an estimate: ${estimateText}</p>
    <figure>${new Markup(own.chart)}</figure>`;
}

const boundText: Readonly<Record<ReportDocument['result']['task'], string>> = {
  regression:
    'a weight had reached the range that is encrypted, ±16 in standardised units: the model was asked about from ' +
    'within the range, as columns that almost say the same ask for.',
  classification:
    'the model was as sure of its classes as it may be: columns that tell them apart without error ask for ever larger weights.',
};

function figuresSection({ result: { metrics, data } }: ReportDocument): Markup {
  const rows =
    data.testRows === 0
      ? 'On the rows that it was trained on'
      : `On the ${figure(data.rows)} rows that it was trained on, and on the ${figure(data.testRows)} that no host got`;
  return html`<section>
    <h2>What the model is worth</h2>
    <p>${rows}, encrypted and in clear.</p>
    ${metricTable(metrics)}
  </section>`;
}

function gridCaption({ result: { data, liar } }: ReportDocument, leftOut: number): string {
  const quorum = Math.floor(data.replicas / 2) + 1;
  const rule = `An update counts when ${quorum} of ${plural(data.replicas, 'replica')} of its subset commit to the same bytes. `;
  const caught =
    liar === null
      ? 'With fewer than three replicas a lie can be seen, but laid at nobody’s door, so no host was told to lie.'
      : 'One host was told to return wrong updates; the contract found it from the commitments alone.';
  const rest = leftOut === 0 ? '' : ` ${plural(leftOut, 'more subset')} not shown.`;
  return rule + caught + rest;
}

const maxListed = 12;

function listed(ids: readonly string[]): string {
  const rest = ids.length - maxListed;
  return ids.slice(0, maxListed).join(' ') + (rest > 0 ? ` and ${rest} more` : '');
}

function drawsSection({ result: { draws, liar, model } }: ReportDocument): Markup {
  const numbers = (ids: readonly string[]): string =>
    ids.map((id) => Number(id.split('_').at(-1)) + 1).join(', ');
  const caught =
    liar === null
      ? html``
      : html`<p>The liar is <code>${liar.participant}</code>, at <code>${listed(liar.instances)}</code>.</p>`;
  return html`<section>
    <h2>On the ledger</h2>
    ${caught}
    <p>Anyone can recompute the draws from the records; the final model is ${shortDigest(model.digest)}.</p>
    <details>
      <summary>Subsets drawn in each round</summary>
      <table>
        <thead>
          <tr>
            <th>round</th>
            <th>subsets</th>
          </tr>
        </thead>
        <tbody>
          ${draws.map(
            (ids, index) =>
              html`<tr>
                <td>${index + 1}</td>
                <td>${numbers(ids)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}
