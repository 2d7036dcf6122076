import { cpus } from 'node:os';
import { writeAtomically } from '@veritrain/member/home';
import { DemoFolder } from './demoFolder.js';
import type { Tell } from './events.js';
import { type DemoOptions, prepare } from './prepare.js';
import { type DemoResult, demoResultSchema } from './result.js';

export interface DemoSurroundings {
  /** Path of the program of the `veritrain` command. Each member runs its agent with it, as its operator would. */
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
  { command, onEvent: tell, signal }: DemoSurroundings,
): Promise<DemoOutcome> {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  // The demo's members lock their keyrings with key files, also where the caller's own profiles have a passphrase.
  delete process.env.VERITRAIN_PASSPHRASE;
  const prepared = await prepare(options);
  const { table, source, plan, reportPath } = prepared;
  const { rows, features, target, reading, notes } = table;
  const heldOutRows = table.heldOut?.rows ?? 0;
  tell({ kind: 'tableRead', source, rows, features, target, heldOutRows, reading, notes });
  const { subsets, replicas, rounds } = options;
  tell({ kind: 'planned', subsets, replicas, rounds, hasLiar: plan.liar !== undefined });
  const demoFolder = DemoFolder.make(options.keep);
  const folder = demoFolder.path;
  try {
    const { runMarket } = await import('./story.js');
    const run = { ...prepared, options, folder, command, tell, signal };
    const { result: gathered, ...shown } = await runMarket(run);
    const total = (performance.now() - begin) / 1000;
    const result = demoResultSchema.parse({ ...gathered, seconds: rounded({ total, ...gathered.seconds }) });
    try {
      const { renderReport } = await import('./report/render.js');
      const report = await renderReport({
        result,
        table: { name: source, target, columns: [...table.columns] },
        seed: options.seed ?? null,
        startedAt,
        machine: machineText(),
        ...shown,
      });
      writeAtomically(reportPath, report, 0o644);
      tell({ kind: 'reportWritten', path: reportPath, bytes: report.length });
      return { result };
    } catch (reportError) {
      // The result is worth more than its picture.
      return { result: { ...result, report: null }, reportError };
    }
  } finally {
    if (options.keep) tell({ kind: 'kept', folder });
    demoFolder.clear();
  }
}

const rounded = (seconds: DemoResult['seconds']): DemoResult['seconds'] => {
  const toMs = (value: number): number => Math.round(value * 1000) / 1000;
  return { total: toMs(seconds.total), training: toMs(seconds.training), ledger: toMs(seconds.ledger) };
};

/** The machine that the seconds were measured on. */
function machineText(): string {
  const all = cpus();
  return `Node ${process.versions.node}, ${all.length} cores, ${all[0]?.model ?? 'unknown processor'}`;
}
