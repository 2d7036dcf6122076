import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { memberError } from '@veritrain/member/errors';
import { maxTableBytes, readUserBytes } from '@veritrain/member/home';
import { parseTable, splitTable, type CsvOptions, type Recognised, type Table } from '@veritrain/training';
import { builtInTable, type DemoOptions } from './options.js';
import { planSlots, type SlotPlan } from './slots.js';

/** All that can be known before anything is started. */
export interface Prepared {
  /** The file's bytes. */
  readonly csv: Uint8Array;
  /** How they are written, as the user said. */
  readonly written: CsvOptions;
  /** The file's name, without its folder. */
  readonly source: string;
  readonly table: Table & Recognised;
  readonly plan: SlotPlan;
  /** Absolute. */
  readonly reportPath: string;
}

/**
 * Reads and checks whatever the user gave, so that nothing has to be started, and stopped again, for a wrong cell.
 * @throws TrainingError naming row and column, or the number of subsets that the rows allow; FILE_INVALID and others
 * FILE_MISSING, WRONG_ARGUMENT
 */
export function prepare({
  data = builtInTable,
  target,
  written = {},
  subsets,
  replicas,
  report,
}: DemoOptions): Prepared {
  const reportPath = checkReportPath(resolve(report));
  const source = basename(data);
  const csv = readUserBytes(data, 'table', maxTableBytes);
  const table = parseTable(csv, { ...written, target, source });
  // Only whether it can be split; the data owner's own split is another, by its own secret.
  splitTable(table, { subsets, seed: new Uint8Array(1) });
  return { csv, written, source, table, plan: planSlots(subsets, replicas), reportPath };
}

/** A report that could not be written would only be found out at the end of the run. */
function checkReportPath(path: string): string {
  const refuse = (why: string, cause?: unknown): never => {
    throw memberError('VT9001', `--report: ${why}.`, {
      facts: { path },
      hint: 'Name a file in a folder that exists and may be written to.',
      cause,
    });
  };
  if (!existsSync(dirname(path))) refuse(`there is no folder ${dirname(path)}`);
  if (existsSync(path) && !statSync(path).isFile()) refuse(`${path} is not a file`);
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch (cause) {
    refuse(`${path} cannot be written`, cause);
  }
  return path;
}
