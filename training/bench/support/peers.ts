import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Table } from '@veritrain/training';
import { z } from 'zod';
import type { Result } from '../rows/benchmark.js';
import { peerTasks, type PeerTask } from './peerTasks.js';

/** Another library's figures beside ours. */
export interface PeerResult {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Its seconds by ours for the same work, encrypted. */
  readonly ratio: number;
  /** The same of processor time, which says more on a loaded machine. */
  readonly cpuRatio: number;
  /** Its figure and ours on the same rows, in words. */
  readonly metric: string;
}

/** What the other libraries gave. */
export interface PeerResults {
  readonly peers: readonly PeerResult[];
  /** By library. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why some are missing. */
  readonly notes: readonly string[];
}

/** Where none was asked for. */
export const noPeers: PeerResults = { peers: [], versions: {}, notes: [] };

const run = promisify(execFile);
const scripts = fileURLToPath(new URL('../../../peers/', import.meta.url));
const answerSchema = z.strictObject({
  seconds: z.number().positive(),
  cpuSeconds: z.number().min(0),
  metric: z.number(),
  versions: z.record(z.string(), z.string()),
});
type Answer = z.infer<typeof answerSchema>;
const install = 'pip install tenseal phe gmpy2 scikit-learn';

/** Runs other libraries on the rows that ours was measured on. @param progress told each name before it starts */
export async function runPeers(
  python: string,
  results: readonly Result[],
  framingham: Table | undefined,
  progress: (name: string) => void,
): Promise<PeerResults> {
  const missing = await missingModules(python);
  if (missing === undefined)
    return { peers: [], versions: {}, notes: [`No other library ran: ${python} cannot be started.`] };
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-peers-'));
  const peers: PeerResult[] = [];
  const notes =
    missing.length === 0 ? [] : [`Left out, as ${python} lacks ${missing.join(', ')}: ${install}`];
  let versions = {};
  try {
    for (const task of peerTasks(results, framingham)) {
      if (task.modules.some((module) => missing.includes(module))) continue;
      progress(task.name);
      const answer = await ask(python, folder, task);
      if (answer === undefined) notes.push(`Left out: ${task.name}, as ${task.script} failed.`);
      else peers.push(resultOf(task, answer));
      versions = { ...versions, ...answer?.versions };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { peers, versions, notes };
}

function resultOf({ name, ours, metric }: PeerTask, answer: Answer): PeerResult {
  return {
    name,
    seconds: answer.seconds,
    cpuSeconds: answer.cpuSeconds,
    ratio: answer.seconds / ours.seconds,
    cpuRatio: answer.cpuSeconds / ours.cpuSeconds,
    metric: metric(answer.metric),
  };
}

/** Modules that the interpreter cannot find; undefined where there is no interpreter. */
async function missingModules(python: string): Promise<string[] | undefined> {
  const code =
    'from importlib.util import find_spec; print(*[m for m in ("tenseal", "phe", "gmpy2", "sklearn") if not find_spec(m)])';
  try {
    const { stdout } = await run(python, ['-c', code]);
    return stdout.trim().split(' ').filter(Boolean);
  } catch {
    return undefined;
  }
}

/** What a script says of its run; undefined, with the reason on stderr, where it failed. */
async function ask(python: string, folder: string, task: PeerTask): Promise<Answer | undefined> {
  const files = (['train', 'test'] as const).map((part) => {
    const path = join(folder, `${part}.csv`);
    writeFileSync(path, task[part].map((row) => `${row.join(',')}\n`).join(''));
    return path;
  });
  const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...oneThread };
  const args = [join(scripts, task.script), ...files, ...task.options];
  try {
    const { stdout } = await run(python, args, { env });
    return answerSchema.parse(JSON.parse(stdout));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/** What programs read of it. */
export function peerOf({ name, seconds, ratio, metric }: PeerResult) {
  return { name, seconds, ratio, metric };
}
