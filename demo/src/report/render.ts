import { metricHeading, metricTitles } from '@veritrain/member/text';
import { type ReportDocument, reportDocumentSchema } from '../result.js';
import { drawCurves } from './classes.js';
import { drawChart, type Estimate, lossChart, timeChart } from './charts.js';
import { finalLoss } from './figures.js';
import { type OwnLoss, page } from './page.js';
import { drawClasses } from './severalClasses.js';
import { selectSubsets, slotGrid } from './slotGrid.js';

/**
 * The report of a run as one self-contained HTML file, in light and dark.
 * @throws ZodError where the document breaks its schema
 */
export async function renderReport(document: ReportDocument): Promise<string> {
  const checked = reportDocumentSchema.parse(document);
  const { losses, slots, times, table, result } = checked;
  const final = finalLoss(result);
  const lossName = metricTitles[final.name];
  const { slots: shown, leftOut } = selectSubsets(slots);
  const [loss, grid, time] = await Promise.all([
    drawChart(
      lossChart(losses, estimatesOf(result, final.name), `${lossName}${lossUnit(final.name, table.target)}`),
      `${lossName} by round, down to ${final.encrypted} encrypted and ${final.plain} in clear`,
    ),
    drawChart(
      slotGrid(shown),
      `Verdicts by subset and replica: ${result.jobs.agreed} agreed, ${result.jobs.dissented} dissented, ${result.jobs.absent} absent`,
    ),
    drawChart(timeChart(times), `Seconds by round and step, ${result.seconds.training} in all`),
  ]);
  const own = await drawOwnLoss(result, final.name);
  const [curves, classes] = [await drawCurves(checked), await drawClasses(checked)];
  return page(checked, { loss, own, grid, subsetsLeftOut: leftOut, time, curves, classes });
}

type MetricName = ReportDocument['result']['metrics'][number]['name'];

/** What the model owner said of a figure, round by round. */
function estimatesOf({ roundFigures }: ReportDocument['result'], name: MetricName): Estimate[] {
  return roundFigures.flatMap(({ round, metrics }) =>
    metrics.filter((metric) => metric.name === name).map(({ value }) => ({ round, value })),
  );
}

/** The model owner's estimate where it is of another figure than the one that is measured on rows. */
async function drawOwnLoss(result: ReportDocument['result'], measured: MetricName): Promise<OwnLoss | null> {
  const name = result.roundFigures.flatMap(({ metrics }) => metrics)[0]?.name;
  if (name === undefined || name === measured) return null;
  const title = metricHeading(name);
  const chart = lossChart([], estimatesOf(result, name), metricTitles[name]);
  return { title, chart: await drawChart(chart, `${title} by round`) };
}

/** The unit of the figure that training makes smaller. */
function lossUnit(name: MetricName, target: string): string {
  if (name === 'mse') return ` (${target}²)`;
  return name === 'logLoss' ? ' (nats)' : '';
}
