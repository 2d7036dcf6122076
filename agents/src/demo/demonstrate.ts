import { describeFailure } from '../cli/errors.js';
import type { Answer, Output } from '../cli/output.js';
import { readingText } from '../cli/tableOptions.js';
import { wrap } from '../cli/text.js';
import { writeAtomically } from '@veritrain/member/home';
import { agentsError } from '../errors/agentsError.js';
import { closingTable, whyNoLiar } from './closing.js';
import { DemoFolder } from './demoFolder.js';
import type { DemoOptions } from './options.js';
import { prepare } from './prepare.js';
import type { DemoResult } from './result.js';
import { Progress, type ProgressStream } from './progress.js';
import { figure, plural } from './report/figures.js';

/** With the closing table of a dozen lines, no run prints more than 40. */
const mostProgressLines = 27;
const silent: ProgressStream = { write: () => true };

/** `veritrain demo`: runs the whole story once, and leaves nothing behind but the report. */
export async function demonstrate(
  options: DemoOptions,
  output: Output,
  signal: AbortSignal,
): Promise<Answer> {
  const startedAt = new Date().toISOString();
  // The demo's members lock their keyrings with key files, whatever the caller's own profiles do.
  delete process.env.VERITRAIN_PASSPHRASE;
  const progress = new Progress(output.quiet ? silent : process.stderr, mostProgressLines);
  const prepared = prepare(options);
  const { table, source, plan, reportPath } = prepared;
  progress.say(
    `${source}: ${plural(table.rows, 'row')}, ${plural(table.features, 'feature')}, to predict ${table.target}`,
  );
  for (const line of wrap(`read as ${readingText(table.reading)}`)) progress.say(line);
  progress.say(
    `${options.subsets} subsets × ${plural(options.replicas, 'replica')}, ${plural(options.rounds, 'round')}, encrypted`,
  );
  const remarks = plan.liar === undefined ? [`Nobody was told to lie: ${whyNoLiar(options.replicas)}.`] : [];
  for (const remark of remarks) for (const line of wrap(remark)) progress.say(line);
  const folder = DemoFolder.make(options.keep);
  try {
    const stop = options.untilStdinEnds ? AbortSignal.any([signal, stdinEnd()]) : signal;
    const [{ runMarket }, { machineText }] = await Promise.all([
      import('./runMarket.js'),
      import('./gather.js'),
    ]);
    const run = await runMarket({ options, prepared, folder: folder.path, progress, signal: stop });
    const result = run.resultAfter(progress.seconds);
    const answerOf = (data: DemoResult): Answer => ({
      data,
      text: closingTable(data, whyNoLiar(options.replicas)),
      bare: true,
    });
    try {
      const { renderReport } = await import('./report/render.js');
      const report = await renderReport({
        result,
        table: { name: source, target: table.target, columns: [...table.columns] },
        seed: options.seed ?? null,
        startedAt,
        machine: machineText(),
        losses: run.losses,
        slots: run.slots,
        times: run.times,
        remarks: [...remarks, ...run.remarks],
      });
      writeAtomically(reportPath, report, 0o644);
      progress.line('report', `${reportPath} (${figure(report.length / 1000, 3)} kB)`);
      return answerOf(result);
    } catch (error) {
      // The result is worth more than its picture.
      return { ...answerOf({ ...result, report: null }), failure: describeFailure(error) };
    }
  } finally {
    if (options.keep) progress.say(`Profiles, logs and the ledger are in ${folder.path}`);
    folder.clear();
    progress.end();
  }
}

/** Fires when standard input ends: whoever started this is gone. */
function stdinEnd(): AbortSignal {
  const stop = new AbortController();
  const ended = (): void => stop.abort(agentsError('VT9302', 'Standard input ended.'));
  process.stdin.on('end', ended).on('error', ended).resume();
  return stop.signal;
}
