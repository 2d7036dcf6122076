import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { type DemoObject, DemoRun } from './support.js';

// Demos of one seed on other ledgers and vaults, which must come to the same.

export const rounds = 5;
const runs: DemoRun[] = [];

export async function clearDemos(): Promise<void> {
  await Promise.all(runs.splice(0).map((run) => run.clear()));
}

/** Processes that stand in this folder, or name a file of it: nodes of a network have no parent that is known. */
export function processesOf(folder: string): { id: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return `${readlinkSync(`/proc/${id}/cwd`)} ${command}`.includes(folder)
          ? [{ id: Number(id), command }]
          : [];
      } catch {
        return [];
      }
    });
}

/**
 * Runs a demo to its end, which leaves neither process nor file behind.
 * @param meanwhile what happens to it
 * @returns its result
 */
export async function demoOf(
  args: readonly string[],
  meanwhile?: (run: DemoRun) => Promise<void>,
): Promise<DemoObject> {
  const run = new DemoRun(...args, '--rounds', rounds.toString(), '--format', 'json');
  runs.push(run);
  await meanwhile?.(run);
  const { status, stdout, stderr } = await run.ended();
  if (status !== 0) throw new Error(stderr + stdout);
  expect(run.leftovers()).toEqual([]);
  expect(processesOf(run.folder)).toEqual([]);
  return JSON.parse(stdout) as DemoObject;
}
