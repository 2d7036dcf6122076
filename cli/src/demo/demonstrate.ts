import { fileURLToPath } from 'node:url';
import { runDemo } from '@veritrain/demo';
import { commandError } from '../errors/commandError.js';
import { describeFailure } from '../errors/describeFailure.js';
import type { Answer, Output } from '../output.js';
import { csvOptionsOf } from '../tableOptions.js';
import { closingTable } from './closing.js';
import type { DemoInput } from './demoInput.js';
import { Progress, type ProgressStream } from './progress.js';
import { storyLines } from './storyLines.js';

/** With the closing table of a dozen lines, no run prints more than 40. */
const mostProgressLines = 27;
const silent: ProgressStream = { write: () => true };
const command = fileURLToPath(new URL('../main.js', import.meta.url));

/** `veritrain demo`: runs the whole story once, and tells it. */
export async function demonstrate(
  { untilStdinEnds, ...input }: DemoInput,
  output: Output,
  signal: AbortSignal,
): Promise<Answer> {
  const progress = new Progress(output.quiet ? silent : process.stderr, mostProgressLines);
  try {
    const { result, reportError } = await runDemo(
      { ...input, written: csvOptionsOf(input) },
      {
        command,
        onEvent: storyLines(progress, input.rounds),
        signal: untilStdinEnds ? AbortSignal.any([signal, stdinEnd()]) : signal,
      },
    );
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

/** Fires when standard input ends: whoever started this is gone. */
function stdinEnd(): AbortSignal {
  const stop = new AbortController();
  const ended = (): void => stop.abort(commandError('VT9302', 'Standard input ended.'));
  process.stdin.on('end', ended).on('error', ended).resume();
  return stop.signal;
}
