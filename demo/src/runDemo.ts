import { writeAtomically } from '@veritrain/member/home';
import { whyNoLiar } from './whyNoLiar.js';
import { DemoFolder } from './demoFolder.js';
import type { Tell } from './events.js';
import type { DemoOptions } from './options.js';
import { prepare } from './prepare.js';
import type { DemoResult } from './result.js';

export interface DemoSurroundings {
  /** Path of the program of the `veritrain` command: each member runs its agent with it, as its operator would. */
  readonly command: string;
  readonly onEvent: Tell;
  readonly signal: AbortSignal;
}

export interface DemoOutcome {
  readonly result: DemoResult;
  /** Why the report could not be written; then the result names none. */
  readonly reportError?: unknown;
}

/**
 * Runs a whole market once, each member a process, to the end of its training. Leaves nothing behind but the report,
 * unless all is to be kept.
 *
 * @throws before anything is started: TrainingError of a table that cannot be read or split, FILE_INVALID, FILE_MISSING,
 * WRONG_ARGUMENT; later AGENT_KEEPS_DYING, DEMO_STALLED, LEDGER_FAILED, TRAINING_NOT_FINISHED, VAULT_FAILED; the signal's
 * reason
 */
export async function runDemo(
  options: DemoOptions,
  { command, onEvent, signal }: DemoSurroundings,
): Promise<DemoOutcome> {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  // The demo's members lock their keyrings with key files, whatever the caller's own profiles do.
  delete process.env.VERITRAIN_PASSPHRASE;
  const prepared = prepare(options);
  const { table, source, plan, reportPath } = prepared;
  const { rows, features, target, reading } = table;
  onEvent({ kind: 'tableRead', source, rows, features, target, reading });
  const { subsets, replicas, rounds } = options;
  onEvent({ kind: 'planned', subsets, replicas, rounds, hasLiar: plan.liar !== undefined });
  const folder = DemoFolder.make(options.keep);
  try {
    const [{ runMarket }, { machineText }] = await Promise.all([
      import('./runMarket.js'),
      import('./gather.js'),
    ]);
    const run = await runMarket({ options, prepared, folder: folder.path, command, tell: onEvent, signal });
    const result = run.resultAfter((performance.now() - begin) / 1000);
    try {
      const { renderReport } = await import('./report/render.js');
      const report = await renderReport({
        result,
        table: { name: source, target, columns: [...table.columns] },
        seed: options.seed ?? null,
        startedAt,
        machine: machineText(),
        losses: run.losses,
        slots: run.slots,
        times: run.times,
        remarks: [
          ...(plan.liar === undefined ? [`Nobody was told to lie: ${whyNoLiar(replicas)}.`] : []),
          ...run.restarts.map(({ process, how }) => `${process} died (${how}) and was started again.`),
        ],
      });
      writeAtomically(reportPath, report, 0o644);
      onEvent({ kind: 'reportWritten', path: reportPath, bytes: report.length });
      return { result };
    } catch (reportError) {
      // The result is worth more than its picture.
      return { result: { ...result, report: null }, reportError };
    }
  } finally {
    if (options.keep) onEvent({ kind: 'kept', folder: folder.path });
    folder.clear();
  }
}
