import { type DemoResult, whyNoLiar } from '@veritrain/demo';
import { bytesText, figure, plural, secondsText, shortDigest } from '@veritrain/member/text';
import { stepText } from '../stepText.js';
import { fields } from '../text.js';

/** The closing table: what came of it, at most a dozen lines. */
export function closingTable(result: DemoResult): string {
  const { metric, seconds, jobs, ledger, model } = result;
  return fields([
    ['Outcome', `${result.outcome}, ${plural(result.rounds, 'round')}`],
    ['Error, encrypted', `${figure(metric.encrypted)} (mean squared error over all rows)`],
    ['Error, plain twin', `${figure(metric.plain)}, gap ${figure(metric.gap, 2)}`],
    ['Precision', `${result.precisionBits.toFixed(1)} bits`],
    ['Steps', stepText(result.steps)],
    ['Model', shortDigest(model.digest)],
    ['Jobs', `${jobs.agreed} agreed, ${jobs.dissented} dissented, ${jobs.absent} absent`],
    ['Lying host', liarText(result)],
    [
      'Time',
      `${secondsText(seconds.total)}: training ${secondsText(seconds.training)}, of it ${secondsText(seconds.ledger)} for the ledger`,
    ],
    ['Traffic', `${bytesText(result.trafficBytes)} through the vault`],
    ['Ledger', `${plural(ledger.transactions, 'transaction')} in ${plural(ledger.blocks, 'block')}`],
    ['Report', result.report ?? 'not written'],
  ]);
}

function liarText({ liar, data }: DemoResult): string {
  if (liar === null) return `none: ${whyNoLiar(data.replicas)}`;
  return `${liar.verdict} in ${plural(liar.rounds, 'round')}, at ${plural(liar.instances.length, 'slot')} (${liar.participant})`;
}
