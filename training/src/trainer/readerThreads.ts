import { Worker } from 'node:worker_threads';
import { orStopped } from '../work.js';

/** A thread without a package ends after this time. It is kept so long because a new one costs most of a second. */
const KEEP_IDLE_MS = 1_000;

/** Threads of this process that read packages, those that could, and who waits for one. */
let running = 0;
const idle = new Map<Worker, NodeJS.Timeout>();
const waiting: (() => void)[] = [];

/** A thread for one package, once fewer than `workers` read. @throws TrainingError VT7511 */
export async function takeThread(workers: number, signal: AbortSignal | undefined): Promise<Worker> {
  while (running >= workers) await orStopped(new Promise<void>((resolve) => waiting.push(resolve)), signal);
  running += 1;
  const [kept] = idle.keys();
  if (kept === undefined) return newThread();
  forget(kept);
  kept.ref();
  return kept;
}

/** @param isReusable it has read its package to the end, and holds nothing of it */
export function giveBackThread(thread: Worker, isReusable: boolean): void {
  running -= 1;
  if (isReusable) keep(thread);
  else void thread.terminate();
  // All: one of them may have been stopped meanwhile.
  for (const wake of waiting.splice(0)) wake();
}

function newThread(): Worker {
  // Built by this package's build step; the same place for src/ and dist/.
  const thread = new Worker(new URL('../../dist/trainer/packageWorker.js', import.meta.url));
  thread.once('exit', () => forget(thread));
  return thread;
}

/** It holds up no process that has nothing else to do. */
function keep(thread: Worker): void {
  thread.unref();
  const ending = setTimeout(() => void thread.terminate(), KEEP_IDLE_MS);
  idle.set(thread, ending.unref());
}

function forget(thread: Worker): void {
  clearTimeout(idle.get(thread));
  idle.delete(thread);
}
