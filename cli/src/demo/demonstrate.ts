import { fileURLToPath } from 'node:url';
import { type DemoOptions, type DemoResult, runDemo, whyNoLiar } from '@veritrain/demo';
import { bytesText, figure, metricHeading, plural, secondsText, shortDigest } from '@veritrain/member/text';
import { commandError } from '../errors/commandErrors.js';
import { describeFailure } from '../errors/describeFailure.js';
import type { Answer } from '../output.js';
import type { Session } from '../session.js';
import { privacyText } from '../privacyOptions.js';
import { stepCountsText } from '../termsText.js';
import { fields } from '../text.js';
import { Progress, type ProgressStream } from './progress.js';
import { storyLines } from './storyLines.js';

/** With the closing table of a dozen lines, no run prints more than 40. */
const maxProgressLines = 27;
const silent: ProgressStream = { write: () => true };
const command = fileURLToPath(new URL('../main.js', import.meta.url));

/** Runs the demo once, and prints its progress. */
export async function demonstrate(
  options: DemoOptions,
  untilStdinEnds: boolean,
  { output, signal }: Session,
): Promise<Answer> {
  const progress = new Progress(output.quiet ? silent : process.stderr, maxProgressLines);
  try {
    const { result, reportError } = await runDemo(options, {
      command,
      onEvent: storyLines(progress, options.rounds),
      signal: untilStdinEnds ? AbortSignal.any([signal, stdinEnd()]) : signal,
    });
    return {
      data: result,
      text: closingTable(result),
      bare: true,
      ...(reportError === undefined ? {} : { failure: describeFailure(reportError) }),
    };
  } finally {
    progress.end();
  }
}

/** Fires when standard input ends, because the parent process is gone. */
function stdinEnd(): AbortSignal {
  const stop = new AbortController();
  const ended = (): void => stop.abort(commandError('VT9302', 'Standard input ended.'));
  process.stdin.on('end', ended).on('error', ended).resume();
  return stop.signal;
}

/** Beside the figure that training makes smaller. */
const shownMetrics = ['r2', 'auc', 'accuracy'];

/** The closing table of a dozen lines. */
export function closingTable(result: DemoResult): string {
  const { metrics, seconds, jobs, ledger, model, precisionBits } = result;
  return fields([
    ['Outcome', `${result.outcome}, ${plural(result.rounds, 'round')}`],
    ...metricRows(metrics),
    ['Privacy', privacyText(result.privacy)],
    ['Precision', precisionBits === null ? 'not measured' : `${precisionBits.toFixed(1)} bits`],
    ['Steps', stepCountsText(result.steps)],
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

/** Figures on the rows that were trained on; below, where there are others, the encrypted model's on those. */
function metricRows(metrics: DemoResult['metrics']): [string, string][] {
  const [first] = metrics;
  const shown = metrics.filter(({ name }) => name === first?.name || shownMetrics.includes(name));
  return shown.map(({ name, split, encrypted, plain, gap }) =>
    split === 'train'
      ? [
          metricHeading(name),
          `${figure(encrypted)} encrypted, ${figure(plain)} in clear, gap ${figure(gap, 2)}`,
        ]
      : [`${metricHeading(name)}, test`, `${figure(encrypted)} encrypted, ${figure(plain)} in clear`],
  );
}

function liarText({ liar, data }: DemoResult): string {
  if (liar === null) return `none: ${whyNoLiar(data.replicas)}`;
  return `${liar.verdict} in ${plural(liar.rounds, 'round')}, at ${plural(liar.instances.length, 'slot')} (${liar.participant})`;
}
