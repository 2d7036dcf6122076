import { metricTitles } from '@veritrain/member/text';
import { type ReportDocument, reportDocumentSchema } from '../result.js';
import { drawCurves } from './classes.js';
import { drawChart, lossChart, timeChart } from './charts.js';
import { finalLoss } from './figures.js';
import { page } from './page.js';
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
      lossChart(losses, `${lossName}${lossUnit(final.name, table.target)}`),
      `${lossName} by round, down to ${final.encrypted} encrypted and ${final.plain} in clear`,
    ),
    drawChart(
      slotGrid(shown),
      `Verdicts by subset and replica: ${result.jobs.agreed} agreed, ${result.jobs.dissented} dissented, ${result.jobs.absent} absent`,
    ),
    drawChart(timeChart(times), `Seconds by round and step, ${result.seconds.training} in all`),
  ]);
  const [curves, classes] = [await drawCurves(checked), await drawClasses(checked)];
  return page(checked, { loss, grid, subsetsLeftOut: leftOut, time, curves, classes });
}

/** The unit of the figure that training makes smaller. */
function lossUnit(name: ReportDocument['result']['metrics'][number]['name'], target: string): string {
  if (name === 'mse') return ` (${target}²)`;
  return name === 'logLoss' ? ' (nats)' : '';
}
