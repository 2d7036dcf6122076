import { stepText } from '../cli/stepText.js';
import { fields } from '../cli/text.js';
import { bytesText, figure, plural, secondsText, shortDigest } from './report/figures.js';
import type { DemoResult } from './result.js';

/** The closing table: what came of it, at most a dozen lines. */
export function closingTable(result: DemoResult, whyNoLiar: string | undefined): string {
  const { metric, seconds, jobs, ledger, model } = result;
  return fields([
    ['Outcome', `${result.outcome}, ${plural(result.rounds, 'round')}`],
    ['Error, encrypted', `${figure(metric.encrypted)} (mean squared error over all rows)`],
    ['Error, plain twin', `${figure(metric.plain)}, gap ${figure(metric.gap, 2)}`],
    ['Precision', `${result.precisionBits.toFixed(1)} bits`],
    ['Steps', stepText(result.steps)],
    ['Model', shortDigest(model.digest)],
    ['Jobs', `${jobs.agreed} agreed, ${jobs.dissented} dissented, ${jobs.absent} absent`],
    ['Lying host', liarText(result, whyNoLiar)],
    [
      'Time',
      `${secondsText(seconds.total)}: training ${secondsText(seconds.training)}, of it ${secondsText(seconds.ledger)} for the ledger`,
    ],
    ['Traffic', `${bytesText(result.trafficBytes)} through the vault`],
    ['Ledger', `${plural(ledger.transactions, 'transaction')} in ${plural(ledger.blocks, 'block')}`],
    ['Report', result.report ?? 'not written'],
  ]);
}

function liarText({ liar }: DemoResult, whyNoLiar: string | undefined): string {
  if (liar === null) return `none: ${whyNoLiar ?? 'nobody was told to lie'}`;
  return `${liar.verdict} in ${plural(liar.rounds, 'round')}, at ${plural(liar.instances.length, 'slot')} (${liar.participant})`;
}

/** Why nobody is told to lie with so few replicas. */
export function whyNoLiar(replicas: number): string {
  return replicas === 1
    ? 'with one replica there is nothing to compare an update with, so nobody can be convicted'
    : 'two replicas that differ show that one lies, not which, so nobody can be convicted';
}
