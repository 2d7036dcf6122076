import { type ReportDocument, reportDocumentSchema } from '../result.js';
import { drawChart, lossChart, timeChart } from './charts.js';
import { page } from './page.js';
import { selectSubsets, slotGrid } from './slotGrid.js';

/**
 * The report of a run as one self-contained HTML file, in light and dark.
 * @throws ZodError where the document breaks its schema
 */
export async function renderReport(document: ReportDocument): Promise<string> {
  const checked = reportDocumentSchema.parse(document);
  const { losses, slots, times, table, result } = checked;
  const { slots: shown, leftOut } = selectSubsets(slots);
  const final = losses.at(-1);
  const [loss, grid, time] = await Promise.all([
    drawChart(
      lossChart(losses, table.target),
      `Mean squared error by round, down to ${final?.encrypted ?? 0} encrypted and ${final?.plain ?? 0} in clear`,
    ),
    drawChart(
      slotGrid(shown),
      `Verdicts by subset and replica: ${result.jobs.agreed} agreed, ${result.jobs.dissented} dissented, ${result.jobs.absent} absent`,
    ),
    drawChart(timeChart(times), `Seconds by round and step, ${result.seconds.training} in all`),
  ]);
  return page(checked, { loss, grid, subsetsLeftOut: leftOut, time });
}
